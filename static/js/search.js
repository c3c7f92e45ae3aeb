/* The header's search field as a list of subnets and metrics to choose from. Without script it leads to the explorer. */
(function () {
  var MOST = 8, form, field, list, loading, entries = [], lookalikes = ["", ""], shown = [], active = -1;

  function place(address) {
    var here = new URLSearchParams(location.search), there = new URL(address, location.href);
    ["as_of", "currency"].forEach(function (name) { if (here.get(name)) there.searchParams.set(name, here.get(name)); });
    return there.href;
  }

  function everywhere(words) {
    var there = new URL(form.action);
    there.searchParams.set("q", words);
    return there.href;
  }

  function load() {
    loading = loading || fetch(place(form.dataset.index)).then(function (reply) {
      if (!reply.ok) throw new Error(reply.status);
      return reply.json();
    }).then(function (index) {
      entries = index.entries;
      lookalikes = index.lookalikes;
      find();
    }).catch(function () { loading = null; });
  }

  /* as the index is; a lone letter is itself */
  function folded(words) {
    var lower = words.toLowerCase();
    return lower.length < 2 ? lower : Array.from(lower.normalize("NFKD").replace(/\p{M}/gu, ""), function (letter) {
      return lookalikes[1][lookalikes[0].indexOf(letter)] || letter;
    }).join("");
  }

  /* 0 is best: the netuid itself, then what begins so, then a word that begins so, then anywhere, then all words */
  function rank(entry, wanted) {
    var text = entry[3], at = text.indexOf(wanted);
    if (entry[1] === "subnet " + wanted) return 0;
    if (at >= 0) return at === 0 ? 1 : text.indexOf(" " + wanted) >= 0 ? 2 : 3;
    return wanted.split(/\s+/).every(function (word) { return text.indexOf(word) >= 0; }) ? 4 : -1;
  }

  /* the last one is what Enter alone does: the explorer looks through descriptions too */
  function find() {
    var words = field.value.trim(), wanted = folded(words);
    shown = !wanted ? [] : entries.map(function (entry) { return [rank(entry, wanted), entry]; })
      .filter(function (pair) { return pair[0] >= 0; })
      .sort(function (a, b) { return a[0] - b[0]; })
      .slice(0, MOST).map(function (pair) { return pair[1]; })
      .concat([["“" + words + "”", "in all text", everywhere(words)]]);
    active = -1;
    draw();
  }

  function draw() {
    list.replaceChildren.apply(list, shown.map(function (entry, i) {
      var option = document.createElement("li"), name = document.createElement("b"), note = document.createElement("span");
      option.id = "found-" + i;
      option.setAttribute("role", "option");
      name.textContent = entry[0];
      note.textContent = entry[1];
      option.append(name, note);
      option.addEventListener("mousedown", function (event) {
        event.preventDefault();
        if (event.button === 0) location.href = place(entry[2]);
      });
      return option;
    }));
    list.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  }

  function mark() {
    Array.prototype.forEach.call(list.children, function (option, i) { option.setAttribute("aria-selected", String(i === active)); });
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", "found-" + active);
  }

  function close() { shown = []; active = -1; draw(); form.classList.remove("open"); }

  function open() {
    form.classList.add("open");
    load();
    field.focus();
    field.select();
  }

  function pressed(event) {
    if (event.key === "Escape") { close(); return; }
    if (!shown.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var step = event.key === "ArrowDown" ? 1 : -1;
      active = (active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length;
      mark();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.href = place(shown[active][2]);
    }
  }

  addEventListener("DOMContentLoaded", function () {
    form = document.querySelector(".find");
    field = form && form.querySelector("input[type=search]");
    if (!field) return;
    list = document.createElement("ul");
    list.id = "found";
    list.className = "panel found";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Subnets and metrics found");
    form.append(list);
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "found"], ["aria-expanded", "false"]]
      .forEach(function (pair) { field.setAttribute(pair[0], pair[1]); });
    field.addEventListener("focus", load);
    field.addEventListener("input", find);
    field.addEventListener("keydown", pressed);
    field.addEventListener("blur", close);
    var link = document.querySelector(".find-link");
    if (link) link.addEventListener("click", function (event) { event.preventDefault(); open(); });
    document.addEventListener("keydown", function (event) {
      var writing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
      if ((event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !writing)) {
        event.preventDefault();
        open();
      }
    });
  });
})();
