/* Puts Plotly where the server drew a chart, once it comes into view. Without it the drawing and its table remain. */
(function () {
  var loading = {}, dark = matchMedia("(prefers-color-scheme: dark)");

  function once(key, start) { return loading[key] || (loading[key] = start()); }

  function script(address) {
    return once(address, function () {
      return new Promise(function (done, failed) {
        var element = document.createElement("script");
        element.src = address;
        element.onload = done;
        element.onerror = failed;
        document.head.append(element);
      });
    });
  }

  function templates(address) {
    return once(address, function () { return fetch(address).then(function (reply) { return reply.json(); }); });
  }

  function theme() {
    return document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  }

  function draw(chart) {
    var data = document.getElementById(chart.dataset.chart);
    if (!data) return;
    Promise.all([templates(chart.dataset.templates), script(chart.dataset.plotly)]).then(function (loaded) {
      var figure = JSON.parse(data.textContent), plot = chart.querySelector(".plot");
      figure.layout.template = loaded[0][theme()];
      plot.hidden = false;
      return Plotly.newPlot(plot, figure.data, figure.layout, loaded[0].config).then(function () {
        chart.querySelector(".drawing").hidden = true;
        chart.dataset.ready = "";
      });
    }).catch(function () { chart.querySelector(".plot").hidden = true; });
  }

  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      seen.unobserve(entry.target);
      draw(entry.target);
    });
  }, { rootMargin: "200px" });

  function find() {
    document.querySelectorAll("[data-chart]:not([data-ready])").forEach(function (chart) { seen.observe(chart); });
  }

  function recolour() {
    document.querySelectorAll("[data-chart][data-ready]").forEach(function (chart) {
      templates(chart.dataset.templates).then(function (both) {
        Plotly.relayout(chart.querySelector(".plot"), { template: both[theme()] });
      });
    });
  }

  addEventListener("DOMContentLoaded", function () {
    find();
    document.body.addEventListener("htmx:beforeSwap", function (event) {
      event.detail.target.querySelectorAll("[data-ready] .plot").forEach(function (plot) { Plotly.purge(plot); });
    });
    document.body.addEventListener("htmx:afterSwap", find);
  });
  addEventListener("themechange", recolour);
  dark.addEventListener("change", recolour);
})();
