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

  /* Each control changes its own parameter of the address that holds now: the rest of its own address may be of before
     another part was swapped. */
  function changed(name, value) {
    var address = new URL(location.href);
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
    return address.pathname + address.search;
  }
  function said(path, name) { return new URL(path, location.href).searchParams.get(name); }

  function own(event) {
    var name = event.detail.elt.dataset.own, fields = event.detail.formData;
    if (!name) return;
    var value = fields && fields.has(name) ? fields.get(name) : said(event.detail.path, name);
    if (fields) Array.from(new Set(fields.keys())).forEach(function (each) { fields.delete(each); });
    event.detail.path = changed(name, value);
  }

  function follow() {
    document.querySelectorAll("header a[data-own]").forEach(function (link) {
      link.href = changed(link.dataset.own, said(link.href, link.dataset.own));
    });
  }

  function submitted(event) {
    if (!event.target.matches("header [data-own]")) return;
    event.preventDefault();
    location.href = changed("as_of", event.target.elements.as_of.value);
  }

  addEventListener("DOMContentLoaded", function () {
    document.body.addEventListener("htmx:configRequest", own);
    document.body.addEventListener("htmx:pushedIntoHistory", follow);
    document.body.addEventListener("submit", submitted);
    tell();
    setInterval(tell, 30e3);
    document.body.addEventListener("htmx:afterSwap", function () { tell(); say(); });
  });
})();
