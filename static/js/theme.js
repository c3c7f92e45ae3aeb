/* Sets the theme before first paint and keeps it while browsing. Without script the ?theme= links do the same on the server. */
(function () {
  var root = document.documentElement, key = "theme";
  function apply(v) { if (v === "light" || v === "dark") root.dataset.theme = v; else delete root.dataset.theme; }
  var asked = new URLSearchParams(location.search).get(key), kept = null;
  try { kept = localStorage.getItem(key); } catch (e) { /* storage blocked */ }
  apply(asked || root.dataset.theme || kept);
  /* Where a strip of tabs is wider than the screen, the current one is not to lie beyond its edge. */
  function reveal() {
    document.querySelectorAll(".nav > [aria-current], .tabs > [aria-current]").forEach(function (tab) {
      var strip = tab.parentElement, beyond = tab.getBoundingClientRect().right + 32 - strip.getBoundingClientRect().right;
      if (beyond > 0) strip.scrollLeft += beyond;
    });
  }
  addEventListener("DOMContentLoaded", function () {
    reveal();
    document.body.addEventListener("htmx:afterSwap", reveal);
    var links = document.querySelectorAll("[data-set]");
    function mark() { links.forEach(function (a) { a.toggleAttribute("aria-current", a.dataset.set === (root.dataset.theme || "system")); if (a.hasAttribute("aria-current")) a.setAttribute("aria-current", "true"); }); }
    links.forEach(function (a) {
      a.addEventListener("click", function (e) {
        e.preventDefault(); apply(a.dataset.set);
        try { localStorage.setItem(key, a.dataset.set); } catch (err) { /* storage blocked */ }
        var here = new URL(location); /* or the address would overrule the choice on the next visit */
        if (here.searchParams.has(key)) { here.searchParams.delete(key); history.replaceState(history.state, "", here); }
        mark(); dispatchEvent(new CustomEvent("themechange"));
      });
    });
    mark();
    document.addEventListener("click", function (e) { document.querySelectorAll("details.pop[open]").forEach(function (d) { if (!d.contains(e.target)) d.open = false; }); });
    document.addEventListener("keydown", function (e) {
      if (e.key === "Escape") document.querySelectorAll("details.pop[open]").forEach(function (d) { d.open = false; d.firstElementChild.focus(); });
    });
  });
})();
