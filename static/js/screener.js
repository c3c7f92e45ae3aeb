/* What the screener gains from a script: short addresses, Shift to sort by a second column, rows by keyboard,
   a list of one's own and names of views, both kept in this browser only. Without it every link and form still works. */
(function () {
  var LIST = "screener-list", VIEWS = "screener-views", MOST = 256, MOST_VIEWS = 30;

  function kept(key) {
    try { var value = JSON.parse(localStorage.getItem(key)); return Array.isArray(value) ? value : []; } catch (e) { return []; }
  }
  function keep(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch (e) { /* storage blocked or full */ }
  }
  function list() { return kept(LIST).filter(Number.isInteger).slice(0, MOST); }
  function netuid(row) { return Number(row.querySelector(".nid").textContent); }
  function rows() { return Array.from(document.querySelectorAll("#power tbody tr")); }

  function stars() {
    var mine = list();
    rows().forEach(function (row) {
      var head = row.querySelector("th"), star = head.querySelector(".star");
      if (!star) {
        star = document.createElement("button");
        star.type = "button";
        star.className = "star";
        star.setAttribute("aria-label", "My list: " + netuid(row) + " " + head.querySelector("a").lastChild.textContent);
        head.prepend(star);
      }
      var on = mine.indexOf(netuid(row)) >= 0;
      star.setAttribute("aria-pressed", String(on));
      star.textContent = on ? "★" : "☆";
    });
    var link = document.getElementById("mine");
    if (!link) return;
    var address = new URL(location.href);
    address.searchParams.set("only", mine.join(","));
    link.hidden = !mine.length || new URL(location.href).searchParams.get("only") === mine.join(",");
    link.href = address.pathname + address.search.replace(/%2C/g, ",");
    link.textContent = "Only my list (" + mine.length + ")";
  }

  function press(star) {
    var mine = list(), one = netuid(star.closest("tr")), at = mine.indexOf(one);
    if (at >= 0) mine.splice(at, 1); else mine.push(one);
    keep(LIST, mine);
    stars();
  }

  function views() {
    var room = document.getElementById("views"), saved = kept(VIEWS);
    if (!room) return;
    var name = new URL(location.href).searchParams.get("name");
    if (name) {
      saved = saved.filter(function (view) { return view.name !== name; });
      saved.unshift({ name: name, address: location.search });
      saved = saved.slice(0, MOST_VIEWS);
      keep(VIEWS, saved);
    }
    var ul = room.querySelector("ul") || room.appendChild(document.createElement("ul"));
    ul.replaceChildren();
    saved.forEach(function (view) {
      if (typeof view.name !== "string" || typeof view.address !== "string" || view.address[0] !== "?") return;
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = view.address;
      link.textContent = view.name;
      item.append(link);
      ul.append(item);
    });
    room.hidden = !ul.childElementCount;
    if (window.htmx) htmx.process(ul);
  }

  function walk(event) {
    var step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    var here = document.activeElement, all = rows(), row = here && here.closest ? here.closest("#power tbody tr") : null;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(here.tagName) || here.closest(".panel")) return;
    if (!row && event.key.length > 1 && !here.closest(".scroll")) return; /* arrows scroll the page */
    var next = all[row ? all.indexOf(row) + step : 0];
    if (!next) return;
    event.preventDefault();
    next.querySelector("th a").focus();
  }

  function clicked(event) {
    var star = event.target.closest(".star");
    if (star) return press(star);
    var mark = event.target.closest("[data-explains] a");
    if (mark && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault(); /* a boosted link would put another address into the bar */
      htmx.ajax("GET", mark.getAttribute("href"), { target: "#insight", swap: "outerHTML show:#insight:top" });
      return;
    }
    var head = event.target.closest("#power thead a"), next = event.target.closest("[id^='then-']");
    if (next) head = document.getElementById(next.id.replace("then-", "sort-")); /* its own address may be of an earlier order */
    if (head && (next || event.shiftKey)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (next) next.closest("[popover]").hidePopover();
      go(sorted(head.dataset.then));
      return;
    }
    var cell = event.target.closest("#power tbody td");
    if (cell && !event.target.closest("a, button") && !String(getSelection())) cell.parentNode.querySelector("th a").click();
  }

  function sorted(order) {
    var address = new URL(location.href);
    address.searchParams.set("sort", order);
    return address.search.replace(/%2C/g, ",");
  }

  function go(address) {
    if (!window.htmx) { location.search = address; return; }
    htmx.ajax("GET", address, { source: "#view", target: "#view", swap: "outerHTML show:none" }); /* pushes the address too */
  }

  function ready() {
    stars(); views();
    var figure = document.getElementById("pick-figure");
    if (figure) figure.value = ""; /* it outlives the form that it was chosen in */
  }

  addEventListener("DOMContentLoaded", function () {
    ready();
    document.addEventListener("click", clicked, true);
    document.addEventListener("keydown", walk);
    document.body.addEventListener("htmx:configRequest", function (event) {
      var parameters = event.detail.formData; /* what says nothing does not belong in an address */
      if (!parameters) return;
      Array.from(new Set(parameters.keys())).forEach(function (name) {
        var said = parameters.getAll(name).filter(Boolean);
        parameters.delete(name);
        said.forEach(function (value) { parameters.append(name, value); });
      });
    });
    document.body.addEventListener("htmx:afterSettle", ready);
    document.body.addEventListener("htmx:pushedIntoHistory", ready);
  });
})();
