/* Matrices of judgements that are typed into: moving, typing, trying, saving, taking back. What follows from them is
   the server's answer; this file draws the grid from the store "impact-model" and tells the server what is tried. */
(function () {
  "use strict";

  var OWN = "futures-impact";
  // Milliseconds: between two questions while typing; until what is slower may follow; until typing has paused.
  var SOON = 140, NEXT = 1200, PAUSE = 2000;
  var model = null, holder = null;       // what the server said of the matrix, and the element it is drawn in
  var lines = [];                        // rows and columns: {code, name, part}
  var tried = {}, history = [];          // "row column" -> text that is not saved; changes in their order, to take back
  var here = [0, 0], minus = false;      // the current cell; whether a minus waits for its digit
  var section = null, single = false;    // one section at a time: numbers of its two parts
  var queue = [], busy = false, sending = "", failed = null;
  var made = [], backwards = false;      // numbers of the edits made here, newest last; an undo waits for saving to end
  var asked = 0, waiting = null, following = null, pausing = null, saves = 0, edition = 0;
  var narrow = window.matchMedia("(max-width: 760px)");

  function get(id) { return document.getElementById(id); }
  function props(id, values) { window.dash_clientside.set_props(id, values); }
  function make(tag, text, attributes) {
    var element = document.createElement(tag);
    if (text) { element.textContent = text; }
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    return element;
  }
  function filled(words, values) {
    return words.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }

  /* --- what a cell holds -------------------------------------------------------------------------------------- */

  function keyOf(row, column) {
    var key = lines[row].code + " " + lines[column].code, turned = lines[column].code + " " + lines[row].code;
    // A pair has one mark, which lies wherever it was first put.
    return model.symmetric && !(key in model.cells) && (turned in model.cells || turned in tried) ? turned : key;
  }
  function saved(key) { return key in model.cells ? model.cells[key][0] : "0"; }
  function held(key) { return key in tried ? tried[key] : saved(key); }
  function reason(key) { return key in model.cells ? model.cells[key][1] : ""; }

  function shown(text) {
    if (text === "0") { return ""; }
    if (text === "P" || text === "X") { return text; }
    var number = Number(text), size = String(Math.abs(number)).replace(".", decimal());
    return number < 0 ? "\u2212" + size : model.low < 0 ? "+" + size : size;
  }
  function decimal() { return (1.5).toLocaleString(document.documentElement.lang).charAt(1); }
  function tone(text) {
    if (text === "P" || text === "X") { return "tone-" + text.toLowerCase(); }
    var number = Number(text), size = Math.min(3, Math.max(1, Math.round(Math.abs(number))));
    return number ? "tone-" + (number > 0 ? "p" : "m") + size : "tone-0";
  }

  /* --- which cells may be typed into ------------------------------------------------------------------------- */

  function open(row, column) {
    var from = lines[row].part, to = lines[column].part;
    if (model.symmetric) { return from < to; }
    if (model.kind === "influence") { return row !== column; }
    return from !== to || sectionJudged(from);
  }
  function sectionJudged(part) {
    // How a state bears on its own rivals is seldom judged; where it is, it may be changed.
    return lines.some(function (row) {
      return row.part === part && lines.some(function (column) {
        return column.part === part && (row.code + " " + column.code) in model.cells;
      });
    });
  }
  function visible(row, column) {
    return !section || (lines[row].part === section[0] && lines[column].part === section[1]);
  }

  /* --- drawing ------------------------------------------------------------------------------------------------- */

  function draw(data) {
    if (!data) { return window.dash_clientside.no_update; }
    var found = get("impact-grid");
    if (!found) { window.requestAnimationFrame(function () { draw(data); }); return window.dash_clientside.no_update; }
    var anew = found !== holder || !found.firstChild || !model || model.matrix !== data.matrix || model.set !== data.set ||
      model.group !== data.group || JSON.stringify(model.parts) !== JSON.stringify(data.parts);
    model = JSON.parse(JSON.stringify(data)); // what is saved here is written into it, and the store is not ours
    if (anew) { begin(found); } else { repaint(); }
    return window.dash_clientside.no_update;
  }

  function begin(found) {
    holder = found;
    lines = [];
    model.parts.forEach(function (part, number) {
      if (!part.values.length) { lines.push({ code: part.code, name: part.name, part: number, full: part.name }); }
      part.values.forEach(function (value) {
        lines.push({ code: part.code + "." + value[0], name: value[1], part: number, full: part.name + ": " + value[1] });
      });
    });
    tried = Object.assign({}, model.tried);
    history = Object.keys(tried).map(function (key) { return [key, saved(key)]; });
    queue = []; busy = false; failed = null; made = []; backwards = false; minus = false; asked = 0;
    single = narrow.matches && model.kind !== "influence";
    section = single ? firstSection() : null;
    render();
    tell(true);
  }

  function firstSection() {
    return model.parts.length > 1 ? [0, 1] : [0, 0];
  }

  function render() {
    var parts = model.parts.map(function (_p, number) { return number; });
    var across = section ? [section[1]] : parts, down = section ? [section[0]] : parts;
    var table = make("table", "", { role: "grid", "class": "judgements", "aria-label": model.name });
    var head = make("thead"), body = make("tbody");
    var plain = model.kind === "influence";
    var top = make("tr", "", { role: "row" });
    top.appendChild(make("td", "", { colspan: plain ? 1 : 2, rowspan: plain ? 1 : 2, "class": "corner" }));
    var under = make("tr", "", { role: "row" });
    across.forEach(function (number) {
      var part = model.parts[number], mine = members(number);
      top.appendChild(titled("th", part.name, { scope: plain ? "col" : "colgroup", role: "columnheader",
        colspan: mine.length, "class": plain ? "upright" : "part-head" }, part.note));
      mine.forEach(function (column, place) {
        if (!plain) {
          under.appendChild(titled("th", lines[column].name, { scope: "col", role: "columnheader", "data-column": column,
            "class": "upright" + (place ? "" : " edge") }));
        }
      });
    });
    head.appendChild(top);
    if (!plain) { head.appendChild(under); }
    down.forEach(function (number) {
      members(number).forEach(function (row, place) {
        var line = make("tr", "", { role: "row", "class": place ? "" : "edge" });
        if (!plain && !place) {
          line.appendChild(titled("th", model.parts[number].name, { scope: "rowgroup", role: "rowheader",
            rowspan: members(number).length, "class": "part-side" }, model.parts[number].note));
        }
        line.appendChild(titled("th", lines[row].name, { scope: "row", role: "rowheader", "data-row": row, "class": "line-side" }));
        across.forEach(function (other) {
          members(other).forEach(function (column, at) {
            var cell = make("td", "", { role: "gridcell", tabindex: "-1", "data-cell": row + "-" + column, "class": at || plain ? "" : "edge" });
            line.appendChild(cell);
            paint(cell, row, column);
          });
        });
        body.appendChild(line);
      });
    });
    table.appendChild(head);
    table.appendChild(body);
    holder.textContent = "";
    holder.appendChild(table);
    holder.classList.toggle("matrix-single", Boolean(section));
    sections();
    if (!open(here[0], here[1]) || !visible(here[0], here[1])) { here = firstCell(); }
    choose(here[0], here[1], false);
    status();
  }

  function titled(tag, text, attributes, note) {
    var element = make(tag, "", attributes), inner = make("span", text);
    element.title = note ? text + " \u2013 " + note : text;
    element.appendChild(inner);
    return element;
  }
  function members(part) {
    return lines.map(function (_l, place) { return place; }).filter(function (place) { return lines[place].part === part; });
  }
  function firstCell() {
    for (var row = 0; row < lines.length; row += 1) {
      for (var column = 0; column < lines.length; column += 1) {
        if (open(row, column) && visible(row, column)) { return [row, column]; }
      }
    }
    return [0, 0];
  }
  function cellAt(row, column) { return holder.querySelector("[data-cell='" + row + "-" + column + "']"); }

  function paint(cell, row, column) {
    var edge = cell.classList.contains("edge"), current = cell.classList.contains("current");
    if (!open(row, column)) { cell.className = "closed" + (edge ? " edge" : ""); cell.setAttribute("aria-disabled", "true"); return; }
    var key = keyOf(row, column), text = held(key), changed = key in tried;
    var waits = minus && current;
    cell.textContent = waits ? "\u2212" : shown(text);
    cell.className = tone(text) + (edge ? " edge" : "") + (changed ? " tried" : "") + (current ? " current" : "");
    if (text === "0" && !waits) { cell.setAttribute("aria-label", "0"); } else { cell.removeAttribute("aria-label"); }
  }
  function repaint() {
    Array.prototype.forEach.call(holder.querySelectorAll("[data-cell]"), function (cell) {
      var place = cell.dataset.cell.split("-").map(Number);
      paint(cell, place[0], place[1]);
    });
    status();
  }
  function repaintOne(key) {
    var codes = key.split(" "), row = placeOf(codes[0]), column = placeOf(codes[1]);
    [[row, column], [column, row]].forEach(function (place) {
      var cell = cellAt(place[0], place[1]);
      if (cell && open(place[0], place[1])) { paint(cell, place[0], place[1]); }
    });
  }
  function placeOf(code) { return lines.findIndex(function (line) { return line.code === code; }); }

  /* --- one section at a time ------------------------------------------------------------------------------------ */

  function sections() {
    var box = get("impact-sections"), button = document.querySelector("[data-grid=sections]");
    if (!box || !button) { return; }
    button.hidden = model.kind === "influence";
    button.setAttribute("aria-pressed", String(single));
    box.textContent = "";
    if (!single) { return; }
    [model.words.from, model.words.to].forEach(function (label, side) {
      var holderOf = make("label", ""), select = make("select", "", { "class": "form-select form-select-sm", "data-side": side });
      holderOf.appendChild(make("span", label));
      model.parts.forEach(function (part, number) {
        var option = make("option", part.name, { value: number });
        var other = section[1 - side];
        option.disabled = number === other && !sectionJudged(number) || model.symmetric && (side ? number <= other : number >= other && number === model.parts.length - 1);
        option.selected = number === section[side];
        select.appendChild(option);
      });
      holderOf.appendChild(select);
      box.appendChild(holderOf);
    });
    [["\u2190", -1], ["\u2192", 1]].forEach(function (step) {
      box.appendChild(make("button", step[0], { type: "button", "class": "btn btn-sm btn-outline-secondary", "data-step": step[1],
        "aria-label": model.words[step[1] < 0 ? "before" : "after"] }));
    });
  }
  function allSections() {
    var found = [];
    model.parts.forEach(function (_p, from) {
      model.parts.forEach(function (_q, to) {
        if (model.symmetric ? from < to : from !== to || sectionJudged(from)) { found.push([from, to]); }
      });
    });
    return found;
  }
  function stepSection(by) {
    var every = allSections(), at = every.findIndex(function (one) { return one[0] === section[0] && one[1] === section[1]; });
    section = every[(at + by + every.length) % every.length];
    render();
  }
  function pickSection(side, value) {
    section = section.slice();
    section[side] = value;
    if (!allSections().some(function (one) { return one[0] === section[0] && one[1] === section[1]; })) {
      section = allSections().find(function (one) { return one[side] === value; }) || firstSection();
    }
    render();
  }

  /* --- moving ------------------------------------------------------------------------------------------------ */

  function choose(row, column, focus) {
    var before = holder.querySelector(".current");
    if (before) {
      before.classList.remove("current");
      before.tabIndex = -1;
      minus = false;
      paint(before, here[0], here[1]);
    }
    here = [row, column];
    var cell = cellAt(row, column);
    if (!cell) { return; }
    cell.classList.add("current");
    cell.tabIndex = 0;
    Array.prototype.forEach.call(holder.querySelectorAll("th.here"), function (th) { th.classList.remove("here"); });
    [holder.querySelector("[data-row='" + row + "']"), holder.querySelector("[data-column='" + column + "']")].forEach(function (th) {
      if (th) { th.classList.add("here"); }
    });
    if (focus) { cell.focus({ preventScroll: true }); reveal(cell); }
    say();
  }

  // Head and first columns stay in sight and would hide the cell that the browser scrolls to.
  function reveal(cell) {
    var box = holder.getBoundingClientRect(), mine = cell.getBoundingClientRect();
    var head = holder.querySelector("thead").getBoundingClientRect().height;
    var side = cell.parentNode.querySelector(".line-side").getBoundingClientRect();
    var left = side.right - box.left;
    if (mine.top < box.top + head) { holder.scrollTop -= box.top + head - mine.top; }
    if (mine.bottom > box.bottom) { holder.scrollTop += mine.bottom - box.bottom + 2; }
    if (mine.left < box.left + left) { holder.scrollLeft -= box.left + left - mine.left; }
    if (mine.right > box.right) { holder.scrollLeft += mine.right - box.right + 2; }
    var outer = cell.getBoundingClientRect();
    if (outer.top < 0 || outer.bottom > window.innerHeight) { cell.scrollIntoView({ block: "center" }); }
  }

  function move(down, right) {
    var row = here[0], column = here[1];
    for (var step = 0; step < lines.length; step += 1) {
      row += down; column += right;
      if (row < 0 || column < 0 || row >= lines.length || column >= lines.length) { return; }
      if (open(row, column) && visible(row, column)) { choose(row, column, true); return; }
    }
  }
  function jump(row, column) {
    // The nearest open cell towards the corner that was asked for.
    var best = null;
    lines.forEach(function (_l, r) {
      lines.forEach(function (_k, c) {
        if (open(r, c) && visible(r, c)) {
          var far = Math.abs(r - row) * 1000 + Math.abs(c - column);
          if (!best || far < best[0]) { best = [far, r, c]; }
        }
      });
    });
    if (best) { choose(best[1], best[2], true); }
  }
  function nextSection(by) {
    if (section) { stepSection(by); cellAt(here[0], here[1]).focus(); return; }
    var every = allSections(), mine = [lines[here[0]].part, lines[here[1]].part];
    var at = every.findIndex(function (one) { return one[0] === mine[0] && one[1] === mine[1]; });
    var to = every[(at + by + every.length) % every.length];
    choose(members(to[0])[0], members(to[1])[0], true);
  }

  function say() {
    var place = get("impact-cell");
    if (!place) { return; }
    if (!open(here[0], here[1])) { place.textContent = model.words.none; return; }
    var key = keyOf(here[0], here[1]), text = held(key), rounded = model.scale[text] ? text : String(Math.round(Number(text)));
    var words = filled(model.scale[rounded] || "", { row: lines[here[0]].full, column: lines[here[1]].full });
    var more = [shown(text) || "0"];
    if (key in tried) { more.push(filled(model.words.changed, { text: shown(text) || "0", before: shown(saved(key)) || "0" })); }
    if (reason(key)) { more.push(reason(key)); }
    place.textContent = words + " (" + more.join("; ") + ")";
    var field = get("impact-reason");
    if (field && document.activeElement !== field) { props("impact-reason", { value: reason(key) }); }
  }

  /* --- changing ---------------------------------------------------------------------------------------------- */

  function change(text, remembered) {
    if (!open(here[0], here[1])) { return; }
    set(keyOf(here[0], here[1]), text, !remembered);
  }

  function set(key, text, remember) {
    var before = held(key);
    minus = false;
    if (before === text) { repaintOne(key); say(); return; }
    if (text !== saved(key) && !(key in tried) && !saving() && Object.keys(tried).length >= model.most) {
      notice(model.words.many); repaintOne(key); return;
    }
    if (remember) { history.push([key, before]); }
    // What is on its way to the server will be stored, whatever is typed meanwhile.
    var differs = text !== saved(key) || sending === key;
    if (differs) { tried[key] = text; } else { delete tried[key]; }
    repaintOne(key);
    say();
    tell(false);
    if (saving() && differs) { enqueue(key, text, reason(key)); }
    else { queue = queue.filter(function (one) { return one.key !== key; }); }
  }

  function editor() { return document.documentElement.dataset.role === "facilitator"; }
  function saving() {
    var box = document.querySelector("#impact-save input");
    return editor() && model.saves && Boolean(box && box.checked) && Boolean(window.polisee && window.polisee.edit);
  }
  function notice(words) {
    var place = get("notice");
    if (!place) { return; }
    place.textContent = words;
    window.setTimeout(function () { if (place.textContent === words) { place.textContent = ""; } }, 4000);
  }

  function undo() {
    if (minus) { minus = false; repaintOne(keyOf(here[0], here[1])); return; }
    if (busy || queue.length) { backwards = true; return; }
    while (history.length) {
      var last = history.pop();
      if (!(last[0] in tried)) { continue; } // saved meanwhile: the server takes it back
      var codes = last[0].split(" ");
      goTo(placeOf(codes[0]), placeOf(codes[1]));
      set(last[0], last[1], false);
      return;
    }
    var entry = made.length ? made.pop() : model.undo && model.undo.entry;
    if (editor() && entry) { takeBack(entry, "judgement_cell"); } else { notice(model.words.nothing); }
  }
  function goTo(row, column) {
    if (row < 0 || column < 0) { return; }
    if (!open(row, column)) { var other = row; row = column; column = other; }
    if (section && !visible(row, column)) { section = [lines[row].part, lines[column].part]; render(); }
    choose(row, column, holder.contains(document.activeElement));
  }
  function takeBack(entry, entity) {
    made = made.filter(function (one) { return one !== entry; });
    model.undo = null; // the next model says what comes before
    busy = true;
    state("saving");
    window.polisee.undo(model.set, entity, entry).then(function () { done(); state("saved"); settle(); },
      function (error) { done(); state("failed", error); });
  }
  function done() {
    busy = false;
    sending = "";
    if (queue.length) { next(); return; }
    if (backwards) { backwards = false; undo(); }
  }

  function forget() {
    tried = {}; history = []; minus = false;
    repaint();
    say();
    tell(false);
  }

  /* --- saving, one cell after the other ------------------------------------------------------------------------ */

  function enqueue(key, text, why) {
    queue = queue.filter(function (one) { return one.key !== key; });
    queue.push({ key: key, text: text, reason: why });
    next();
  }
  function next() {
    if (busy || !queue.length) { return; }
    var one = queue.shift(), codes = one.key.split(" ");
    var empty = one.text === "0", letter = one.text === "P" || one.text === "X";
    if (empty && !(one.key in model.cells)) { delete tried[one.key]; repaintOne(one.key); status(); done(); return; }
    busy = true;
    sending = one.key;
    state("saving");
    var values = empty ? null : { value: letter ? null : Number(one.text), sign: letter ? one.text : "", reason: one.reason || "" };
    window.polisee.edit(model.set, "judgement_cell", { matrix: model.matrix, row: codes[0], column: codes[1], group_code: model.group }, values, "")
      .then(function (answer) {
        sending = "";
        failed = null;
        if (answer.entry) { made.push(answer.entry); }
        if (empty) { delete model.cells[one.key]; } else { model.cells[one.key] = [one.text, one.reason || ""]; }
        if (tried[one.key] === one.text) { delete tried[one.key]; }
        history = history.filter(function (past) { return past[0] !== one.key; });
        saves += 1;
        repaintOne(one.key);
        status();
        say();
        tell(false);
        if (!queue.length) { state("saved"); }
        done();
      }, function (error) {
        failed = one;
        state("failed", error);
        done();
      });
  }
  function state(kind, error) {
    var box = get("impact-saving");
    if (!box) { return; }
    box.dataset.state = kind;
    box.querySelector(".saving-words").textContent = box.dataset[kind] + (error ? " " + error.message : "");
    box.querySelector("[data-futures=retry]").hidden = kind !== "failed" || !failed;
  }

  /* --- telling the server --------------------------------------------------------------------------------------- */

  function tokens() {
    return Object.keys(tried).slice(0, model.most).map(function (key) { return key.replace(" ", ".") + "." + tried[key]; }).join(",");
  }
  function tell(quietly) {
    status();
    if (!quietly) {
      var wait = asked + SOON - Date.now();
      window.clearTimeout(waiting);
      if (wait <= 0) { ask(); } else { waiting = window.setTimeout(ask, wait); }
      settle();
    }
  }
  function ask() {
    asked = Date.now();
    window.clearTimeout(following);
    if (!model.live) { write(); return; }
    askLive();
    // The page's own answers are slower and would hold the live one up.
    following = window.setTimeout(write, NEXT);
  }
  function write() {
    if (!get("impact-grid")) { return; } // the reader has gone on to another part
    props({ type: "filter", page: OWN, name: "tried" }, { value: tokens() });
    if (get("impact-live")) { props("impact-next", { data: tokens() + (saves ? "#" + saves : "") }); }
  }

  var flying = null, number = 0;
  function askLive() {
    var mine = number += 1, query = new URLSearchParams({ set: model.set, tried: tokens(), group: model.group });
    ["accept", "rule"].forEach(function (name) {
      var control = document.querySelector("[id*='\"name\":\"" + name + "\"'][id*='" + OWN + "']");
      if (control) { query.set(name, control.value); }
    });
    query.set("lang", document.documentElement.lang);
    if (edition) { query.set("edition", edition); }
    if (flying) { flying.abort(); }
    flying = new AbortController();
    fetch(model.live + "?" + query, { signal: flying.signal, credentials: "same-origin" })
      .then(function (reply) { return reply.ok ? reply.json() : null; })
      .then(function (data) { if (data && mine === number) { live(data); } }, function () { /* the slower answer follows */ });
  }

  // What follows now: drawn here, so that nothing else has to be drawn with it.
  function live(data) {
    if (!data) { return window.dash_clientside.no_update; }
    var rest = get("impact-live-rest"), answer = get("impact-live-answer");
    if (!rest || !answer) { window.requestAnimationFrame(function () { live(data); }); return window.dash_clientside.no_update; }
    if (answer.textContent !== data.answer) { answer.textContent = data.answer; }
    var parts = [];
    if (data.tried) { parts.push(make("p", data.tried, { "class": "chip chip-tried" })); }
    parts.push(make("p", data.named, { "class": "live-named" }));
    var list = make("ol", "", { "class": "list-plain live-list" });
    data.rows.forEach(function (row, place) {
      var item = make("li", "", { "class": "live-row" + (row.equal ? " live-equal" : "") });
      item.appendChild(make("span", String(place + 1), { "class": "live-number", "aria-hidden": "true" }));
      item.appendChild(make("span", row.name, { "class": "live-name" }));
      item.appendChild(make("span", row.fit, { "class": "live-fit" }));
      item.appendChild(make("button", data.why, { type: "button", "class": "pick", "data-action": "pick", "data-filter": "look",
        "data-value": row.state, "data-jump": "impact-why", "aria-label": row.label }));
      list.appendChild(item);
    });
    if (data.rows.length) { parts.push(list); }
    [data.more, data.hint].forEach(function (words) { if (words) { parts.push(make("p", words)); } });
    parts.push(make("p", data.search, { "class": "muted live-search" }));
    rest.replaceChildren.apply(rest, parts);
    return window.dash_clientside.no_update;
  }

  function settle() {
    window.clearTimeout(pausing);
    pausing = window.setTimeout(function () {
      if (get("impact-grid") && model) { props("impact-settled", { data: tokens() + (saves ? "#" + saves : "") }); }
    }, PAUSE);
  }
  function status() {
    var count = Object.keys(tried).length, place = get("impact-tried");
    var words = model.words.tried[count === 1 ? 0 : 1];
    if (place) { place.textContent = count && !(saving() && (busy || queue.length)) ? filled(words, { n: count }) : ""; }
    var back = document.querySelector("[data-grid=undo]"), clear = document.querySelector("[data-grid=reset]");
    if (back) { back.hidden = !count; back.textContent = model.words.undo; }
    if (clear) { clear.hidden = !count; }
    var file = get("impact-scw");
    if (file) {
      var query = new URLSearchParams({ lang: document.documentElement.lang });
      if (count) { query.set("tried", tokens()); }
      if (model.group) { query.set("group", model.group); }
      file.href = file.href.split("?")[0] + "?" + query;
    }
  }

  /* --- keys, pointer, buttons ------------------------------------------------------------------------------------ */

  document.addEventListener("keydown", function (event) {
    var cell = event.target.closest && event.target.closest("#impact-grid [data-cell]");
    if (!cell || !model) { return; }
    var key = event.key, control = event.ctrlKey || event.metaKey;
    if (control && key.toLowerCase() === "z") { event.preventDefault(); undo(); return; }
    if (event.altKey || (control && key !== "Home" && key !== "End")) { return; }
    var moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [event.shiftKey ? -1 : 1, 0] };
    var handled = true;
    if (moves[key]) { move(moves[key][0], moves[key][1]); }
    else if (key === "Home") { jump(control ? 0 : here[0], 0); }
    else if (key === "End") { jump(control ? lines.length - 1 : here[0], lines.length - 1); }
    else if (key === "PageDown") { nextSection(1); }
    else if (key === "PageUp") { nextSection(-1); }
    else if (key === "-" || key === "\u2212") { if (model.low < 0) { minus = !minus; repaintOne(keyOf(here[0], here[1])); } }
    else if (key === "+") { minus = false; repaintOne(keyOf(here[0], here[1])); }
    else if (key === "Delete" || key === "Backspace") { change("0"); }
    else if (key === "Escape" && minus) { minus = false; repaintOne(keyOf(here[0], here[1])); }
    else if (/^[0-9]$/.test(key)) {
      var number = Number(key) * (minus ? -1 : 1);
      if (number >= model.low && number <= model.high) { change(String(number === 0 ? 0 : number)); }
    }
    else if (model.sign && key.toUpperCase() === model.sign) { change(model.sign); }
    else { handled = false; }
    if (handled) { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest) { return; }
    var cell = event.target.closest("#impact-grid [data-cell]");
    if (cell && model) {
      var place = cell.dataset.cell.split("-").map(Number);
      if (open(place[0], place[1])) { choose(place[0], place[1], true); }
      return;
    }
    var button = event.target.closest("[data-grid], [data-step], [data-futures], [data-jump]");
    if (!button) { return; }
    if (button.dataset.jump) { window.setTimeout(function () { jumpTo(button.dataset.jump); }, 350); return; }
    if (!model || !get("impact-grid")) { return; }
    if (button.dataset.step) { stepSection(Number(button.dataset.step)); refocus("[data-step='" + button.dataset.step + "']"); return; }
    switch (button.dataset.grid) {
      case "set": change(button.dataset.value); return;
      case "undo": undo(); return;
      case "reset": forget(); return;
      case "sections": single = !single; section = single ? [lines[here[0]].part, lines[here[1]].part] : null;
        if (section && !allSections().some(function (one) { return one[0] === section[0] && one[1] === section[1]; })) { section = firstSection(); }
        render(); return;
    }
    if (!button.closest(".judgement-grid")) { return; }
    if (button.dataset.futures === "undo") { takeBack(Number(button.dataset.entry), button.dataset.entity); }
    if (button.dataset.futures === "retry" && failed) { var again = failed; failed = null; enqueue(again.key, again.text, again.reason); }
  });

  function refocus(selector) { var button = document.querySelector(selector); if (button) { button.focus(); } }

  function jumpTo(id) {
    var part = get(id);
    if (!part) { return; }
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
    part.scrollIntoView({ block: "start" });
  }

  document.addEventListener("change", function (event) {
    var side = event.target.dataset && event.target.dataset.side;
    if (side !== undefined && event.target.closest("#impact-sections")) {
      pickSection(Number(side), Number(event.target.value));
      refocus("[data-side='" + side + "']");
    }
    // Another choice: what takes long is computed anew once nothing is typed.
    if (event.target.closest(".impact-bar") && model) { saves += 1; settle(); }
    if (event.target.closest("#impact-save") && model && saving()) {
      Object.keys(tried).forEach(function (key) { enqueue(key, tried[key], reason(key)); });
    }
  });

  // A reason belongs to the cell that was chosen when it was written.
  document.addEventListener("focusout", function (event) {
    if (event.target.id !== "impact-reason" || !model || !saving() || !open(here[0], here[1])) { return; }
    var key = keyOf(here[0], here[1]), words = event.target.value.trim();
    if (words !== reason(key) && held(key) !== "0") { enqueue(key, held(key), words); }
  });

  document.addEventListener("polisee:edited", function (event) {
    edition = event.detail && event.detail.version || edition;
    if (!model || !get("impact-grid")) { return; } // what was edited stands elsewhere
    saves += 1;
    window.clearTimeout(following);
    following = window.setTimeout(write, NEXT);
    settle();
  });

  narrow.addEventListener("change", function () {
    if (!model || !holder || !holder.isConnected) { return; }
    single = narrow.matches && model.kind !== "influence";
    section = single ? [lines[here[0]].part, lines[here[1]].part] : null;
    if (section && !allSections().some(function (one) { return one[0] === section[0] && one[1] === section[1]; })) { section = firstSection(); }
    render();
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { futures_impact: { draw: draw, live: live } });
})();
