/* Drivers that are rated anew: marks to drag in the plot, and a table of native inputs that does the same by keyboard.
   Each change is saved at once and can be taken back; what follows from it is the server's answer. */
(function () {
  "use strict";

  var model = null, holder = null, failed = null, pending = 0, focusNext = null;
  var NUMBERS = ["impact", "uncertainty", "year"], SIDES = ["_low", "", "_high"];

  function get(id) { return document.getElementById(id); }
  function make(tag, text, attributes) {
    var element = document.createElement(tag);
    if (text) { element.textContent = text; }
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    return element;
  }
  function filled(words, values) {
    return words.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }
  function editor() { return document.documentElement.dataset.role === "facilitator" && window.polisee && window.polisee.edit; }
  function driver(code) { return model && model.drivers.find(function (one) { return one.code === code; }); }

  /* --- the table ------------------------------------------------------------------------------------------------ */

  function draw(data) {
    if (!data) { return window.dash_clientside.no_update; }
    var found = get("drivers-table");
    if (!found) { window.requestAnimationFrame(function () { draw(data); }); return window.dash_clientside.no_update; }
    var same = found === holder && holder.firstChild && model && codes(model) === codes(data) && model.language === data.language;
    model = data;
    holder = found;
    if (same) { refresh(); } else { render(); }
    return window.dash_clientside.no_update;
  }
  function codes(of) { return of.set + " " + of.drivers.map(function (one) { return one.code; }).join(" "); }

  function render() {
    var words = model.words, table = make("table", "", { "class": "figures-table" });
    table.appendChild(make("caption", words.caption));
    var head = make("thead"), top = make("tr"), under = make("tr");
    [words.driver, words.kind, words.field, words.theme].forEach(function (label) { top.appendChild(make("th", label, { scope: "col", rowspan: 2 })); });
    NUMBERS.forEach(function (name) { top.appendChild(make("th", words[name], { scope: "colgroup", colspan: 3 })); });
    top.appendChild(make("th", words.ratings, { scope: "col", rowspan: 2 }));
    top.appendChild(make("td", "", { rowspan: 2 }));
    NUMBERS.forEach(function () { [words.low, words.median, words.high].forEach(function (label) { under.appendChild(make("th", label, { scope: "col" })); }); });
    head.appendChild(top); head.appendChild(under);
    var body = make("tbody");
    model.drivers.forEach(function (one, place) { body.appendChild(row(one, place)); });
    table.appendChild(head); table.appendChild(body);
    holder.textContent = "";
    holder.appendChild(table);
    if (focusNext) {
      var next = holder.querySelector("[data-code='" + focusNext + "'] input, [data-code='" + focusNext + "'] button");
      focusNext = null;
      if (next) { next.focus(); }
    }
  }

  function row(one, place) {
    var words = model.words, line = make("tr", "", { "data-code": one.code });
    var name = make("th", "", { scope: "row" });
    name.appendChild(make("span", (place + 1) + " ", { "class": "muted" }));
    name.appendChild(field(one, "name", { type: "text", maxlength: 120, size: 26 }, words.driver));
    line.appendChild(name);
    [["kind", model.kinds, words.kind], ["steep", model.steep, words.field], ["theme", model.themes, words.theme]].forEach(function (entry) {
      var cell = make("td");
      cell.appendChild(choice(one, entry[0], entry[1], entry[2]));
      line.appendChild(cell);
    });
    NUMBERS.forEach(function (column) {
      SIDES.forEach(function (side, at) {
        var cell = make("td"), year = column === "year";
        var limits = year ? { type: "number", min: 1900, max: 2200, step: 1 } : { type: "number", min: 1, max: 10, step: 0.5 };
        cell.appendChild(field(one, column + side, limits, words[column] + ", " + [words.low, words.median, words.high][at]));
        line.appendChild(cell);
      });
    });
    var ratings = make("td");
    ratings.appendChild(field(one, "ratings", { type: "number", min: 0, step: 1 }, words.ratings));
    line.appendChild(ratings);
    var last = make("td");
    last.appendChild(make("button", words.remove, { type: "button", "class": "btn btn-sm btn-outline-secondary", "data-drivers": "remove",
      "aria-label": words.remove + ": " + one.name }));
    line.appendChild(last);
    return line;
  }

  function field(one, column, limits, label) {
    var input = make("input", "", Object.assign({ "class": "form-control form-control-sm", "data-column": column,
      "aria-label": filled(model.words.of, { what: label, name: one.name }) }, limits));
    input.value = text(one[column]);
    return input;
  }
  function choice(one, column, options, label) {
    var select = make("select", "", { "class": "form-select form-select-sm", "data-column": column,
      "aria-label": filled(model.words.of, { what: label, name: one.name }) });
    options.forEach(function (option) { select.appendChild(make("option", option[1], { value: option[0] })); });
    select.value = one[column] || "";
    return select;
  }
  function text(value) { return value === null || value === undefined ? "" : String(value); }

  // What is being typed stays; everything else shows what is stored.
  function refresh() {
    model.drivers.forEach(function (one) {
      var line = holder.querySelector("[data-code='" + one.code + "']");
      if (!line) { return; }
      Array.prototype.forEach.call(line.querySelectorAll("[data-column]"), function (control) {
        if (control !== document.activeElement || !control.dataset.dirty) { control.value = text(one[control.dataset.column]); }
        if (control.value === text(one[control.dataset.column])) { delete control.dataset.dirty; control.removeAttribute("aria-invalid"); }
      });
    });
  }

  /* --- saving ----------------------------------------------------------------------------------------------------- */

  function save(code, values, control) {
    if (!editor()) { return Promise.resolve(); }
    pending += 1;
    state("saving");
    return window.polisee.edit(model.set, "driver", { code: code }, values, "").then(function () {
      pending -= 1;
      if (control) { delete control.dataset.dirty; control.removeAttribute("aria-invalid"); }
      if (!pending) { failed = null; state("saved"); }
    }, function (error) {
      pending -= 1;
      failed = { code: code, values: values, control: control };
      if (control) { control.setAttribute("aria-invalid", "true"); }
      state("failed", error);
    });
  }
  function state(kind, error) {
    var box = get("drivers-saving");
    if (!box) { return; }
    box.dataset.state = kind;
    box.querySelector(".saving-words").textContent = box.dataset[kind] + (error ? " " + error.message : "");
    box.querySelector("[data-futures=retry]").hidden = kind !== "failed" || !failed;
  }
  function valueOf(control) {
    var column = control.dataset.column, typed = control.value.trim();
    if (column === "name") { var texts = { name: {} }; texts.name[model.language] = typed; return { texts: texts }; }
    var values = {};
    if (control.tagName === "SELECT") { values[column] = typed || null; }
    else { values[column] = typed === "" ? null : Number(typed); }
    return values;
  }

  document.addEventListener("input", function (event) {
    if (event.target.closest("#drivers-table")) { event.target.dataset.dirty = "1"; }
  });
  document.addEventListener("change", function (event) {
    var control = event.target, line = control.closest && control.closest("#drivers-table [data-code]");
    if (!line || !control.dataset.column || !model) { return; }
    if (control.dataset.column === "name" && !control.value.trim()) { control.value = driver(line.dataset.code).name; return; }
    save(line.dataset.code, valueOf(control), control);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-drivers], [data-futures]");
    if (!button || !get("drivers-table")) { return; }
    if (button.dataset.futures === "retry" && failed && button.closest("#drivers-saving")) {
      var again = failed;
      failed = null;
      if (again.kind === "new") { add(); } else { save(again.code, again.control ? valueOf(again.control) : again.values, again.control); }
    }
    if (button.dataset.futures === "undo" && button.closest("#drivers-history")) {
      state("saving");
      window.polisee.undo(button.dataset.set, button.dataset.entity, Number(button.dataset.entry))
        .then(function () { state("saved"); }, function (error) { failed = null; state("failed", error); });
    }
    if (button.dataset.drivers === "remove") { confirmRemoval(button); }
    if (button.dataset.drivers === "yes") { var gone = button.closest("[data-code]"); neighbour(gone); save(gone.dataset.code, null); }
    if (button.dataset.drivers === "no") { keep(button.closest("[data-code]")); }
    if (button.dataset.drivers === "add") { add(); }
  });

  function confirmRemoval(button) {
    var line = button.closest("[data-code]"), cell = button.parentNode, words = model.words;
    cell.textContent = "";
    var question = make("div", "", { "class": "drivers-confirm", role: "group" });
    question.appendChild(make("span", filled(words.removing, { name: driver(line.dataset.code).name })));
    question.appendChild(make("button", words.yes, { type: "button", "class": "btn btn-sm btn-primary", "data-drivers": "yes" }));
    var no = make("button", words.no, { type: "button", "class": "btn btn-sm btn-outline-secondary", "data-drivers": "no" });
    question.appendChild(no);
    cell.appendChild(question);
    no.focus();
  }
  function keep(line) {
    var place = model.drivers.findIndex(function (one) { return one.code === line.dataset.code; });
    var fresh = row(model.drivers[place], place);
    line.replaceWith(fresh);
    fresh.querySelector("[data-drivers=remove]").focus();
  }
  function neighbour(line) {
    var other = line.nextElementSibling || line.previousElementSibling;
    focusNext = other ? other.dataset.code : null;
  }

  function codeFor(name) {
    var plain = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40) || "driver";
    var code = plain, n = 2;
    while (driver(code)) { code = plain + "_" + n; n += 1; }
    return code;
  }
  function add() {
    var name = get("driver-new-name"), words = name.value.trim();
    if (!words) { state("failed", new Error(model.words.unnamed)); name.focus(); return; }
    var texts = { name: {}, description: {} }, year = get("driver-new-year").value, code = codeFor(words);
    texts.name[model.language] = words;
    focusNext = code;
    save(code, {
      kind: get("driver-new-kind").value, steep: get("driver-new-steep").value, texts: texts,
      impact: Number(get("driver-new-impact").value), uncertainty: Number(get("driver-new-uncertainty").value),
      year: year === "" ? null : Number(year)
    }).then(function () {
      if (failed) { failed.kind = "new"; focusNext = null; return; }
      window.dash_clientside.set_props("driver-new-name", { value: "" });
    });
  }

  /* --- dragging a mark in the plot -------------------------------------------------------------------------------- */

  var drag = null;

  function plotOf(target) {
    var plot = target.closest && target.closest("#drivers-plot .js-plotly-plot");
    return plot && plot._fullLayout && plot._fullLayout.xaxis ? plot : null;
  }
  function near(plot, event) {
    var layout = plot._fullLayout, box = plot.querySelector(".nsewdrag").getBoundingClientRect(), best = null;
    plot.data.forEach(function (trace) {
      (trace.customdata || []).forEach(function (entry, place) {
        var x = box.left + layout.xaxis.d2p(trace.x[place]), y = box.top + layout.yaxis.d2p(trace.y[place]);
        var far = Math.hypot(event.clientX - x, event.clientY - y);
        if (far < 18 && (!best || far < best.far)) { best = { code: entry[0], far: far, x: trace.x[place], y: trace.y[place], color: colourOf(trace, place) }; }
      });
    });
    return best && Object.assign(best, { plot: plot, box: box });
  }
  function colourOf(trace, place) {
    var line = trace.marker && trace.marker.line && trace.marker.line.color;
    return Array.isArray(line) ? line[place] : line || "";
  }
  function scaled(event) {
    var layout = drag.plot._fullLayout, box = drag.plot.querySelector(".nsewdrag").getBoundingClientRect();
    function held(value) { return Math.max(1, Math.min(10, Math.round(value * 2) / 2)); }
    return { uncertainty: held(layout.xaxis.p2d(event.clientX - box.left)), impact: held(layout.yaxis.p2d(event.clientY - box.top)) };
  }

  document.addEventListener("pointerdown", function (event) {
    var plot = plotOf(event.target);
    if (!plot || event.button !== 0) { return; }
    var found = near(plot, event);
    if (!found) { return; }
    drag = Object.assign(found, { fromX: event.clientX, fromY: event.clientY, moved: false });
    if (editor()) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  document.addEventListener("pointermove", function (event) {
    if (!drag) {
      var plot = plotOf(event.target);
      if (plot) { plot.classList.toggle("can-drag", Boolean(editor() && near(plot, event))); }
      return;
    }
    if (!editor()) { return; }
    if (Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY) > 4) { drag.moved = true; }
    if (!drag.moved) { return; }
    var now = scaled(event), layout = drag.plot._fullLayout;
    var ghost = drag.ghost || (drag.ghost = document.body.appendChild(make("div", "", { "class": "drivers-ghost", "aria-hidden": "true" })));
    var box = drag.plot.querySelector(".nsewdrag").getBoundingClientRect();
    ghost.style.left = box.left + layout.xaxis.d2p(now.uncertainty) + "px";
    ghost.style.top = box.top + layout.yaxis.d2p(now.impact) + "px";
    ghost.style.borderColor = drag.color;
    ghost.textContent = shown(now.impact) + " / " + shown(now.uncertainty);
    event.preventDefault();
  });
  function shown(value) { return value.toLocaleString(document.documentElement.lang); }
  function drop(event) {
    if (!drag) { return; }
    var held = drag, now = held.moved && editor() ? scaled(event) : null;
    if (held.ghost) { held.ghost.remove(); }
    drag = null;
    if (!now) { if (!held.moved) { openDriver(held.code); } return; }
    var one = driver(held.code), values = {};
    ["impact", "uncertainty"].forEach(function (name) {
      var by = now[name] - one[name];
      if (!by) { return; }
      values[name] = now[name];
      // A range moves along with its median.
      ["_low", "_high"].forEach(function (side) {
        if (one[name + side] !== null) { values[name + side] = Math.max(1, Math.min(10, one[name + side] + by)); }
      });
    });
    if (Object.keys(values).length) { save(held.code, values); }
  }
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", function () { if (drag && drag.ghost) { drag.ghost.remove(); } drag = null; });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && drag) { if (drag.ghost) { drag.ghost.remove(); } drag = null; }
    var control = event.target.closest && event.target.closest("#drivers-table input");
    if (control && event.key === "Escape" && control.dataset.dirty) {
      control.value = text(driver(control.closest("[data-code]").dataset.code)[control.dataset.column]);
      delete control.dataset.dirty;
    }
    var undo = document.querySelector("#drivers-history [data-futures=undo]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && undo && !undo.disabled && editor() &&
        !(control && control.dataset.dirty) && !(event.target.matches && event.target.matches("input[type=text], input[type=search], textarea"))) {
      event.preventDefault();
      undo.click();
    }
  });

  // A click on a mark leads to what is known of it.
  function openDriver(code) {
    var part = get("driver-" + code);
    if (!part) { return; }
    part.open = true;
    part.querySelector("summary").focus({ preventScroll: true });
    part.scrollIntoView({ block: "center" });
  }
  function wire() {
    Array.prototype.forEach.call(document.querySelectorAll("#futures-radar-card .js-plotly-plot"), function (plot) {
      if (plot.dataset.leads || !plot.on) { return; }
      plot.dataset.leads = "1";
      plot.on("plotly_click", function (event) {
        var data = event.points[0].customdata;
        if (data) { openDriver(data[0]); }
      });
    });
  }
  new MutationObserver(wire).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { futures_drivers: { draw: draw } });
})();
