/* Ages beside absolute times, and a word for screen readers when a part of the page has been replaced. */
(function () {
  var MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

  function words(milliseconds) {
    if (milliseconds < MINUTE) return "now";
    if (milliseconds < HOUR) return Math.floor(milliseconds / MINUTE) + " min old";
    if (milliseconds < 2 * DAY) return Math.floor(milliseconds / HOUR) + " h old";
    return Math.floor(milliseconds / DAY) + " d old";
  }

  /* data-age="" puts the age behind the time, data-age="only" in its place */
  function tell() {
    document.querySelectorAll("time[data-age]").forEach(function (time) {
      var milliseconds = Date.now() - Date.parse(time.dateTime), age = time;
      if (time.dataset.age === "only") {
        time.title = time.title || time.textContent;
        time.classList.toggle("old", milliseconds > 2 * HOUR);
      } else {
        age = time.nextElementSibling;
        if (!age || !age.classList.contains("age")) {
          age = document.createElement("span");
          age.className = "age";
          time.after(age);
        }
      }
      age.textContent = words(milliseconds);
    });
  }

  function say() {
    var status = document.getElementById("said"), text = document.querySelector("[data-say]");
    if (status && text) status.textContent = text.textContent;
  }

  /* A control that swaps a part of the page changes its own parameter alone: the rest of its address may be of an
     earlier swap of another part. */
  function own(event) {
    var name = event.detail.elt.dataset.own;
    if (!name) return;
    var address = new URL(location.href), fields = event.detail.formData;
    var value = fields && fields.has(name) ? fields.get(name) : new URL(event.detail.path, address).searchParams.get(name);
    if (fields) Array.from(new Set(fields.keys())).forEach(function (each) { fields.delete(each); });
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
    event.detail.path = address.pathname + address.search;
  }

  addEventListener("DOMContentLoaded", function () {
    document.body.addEventListener("htmx:configRequest", own);
    tell();
    setInterval(tell, 30e3);
    document.body.addEventListener("htmx:afterSwap", function () { tell(); say(); });
  });
})();
