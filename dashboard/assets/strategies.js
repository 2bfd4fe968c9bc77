/* Strategies: what a facilitator enters is read from the row around it, saved at once, and told how it went. */
(function () {
  "use strict";

  var pending = 0;

  function read(field) {
    var kind = field.dataset.kind;
    if (kind === "codes") {
      return Array.prototype.map.call(field.querySelectorAll("input:checked"), function (box) { return box.value; });
    }
    var control = field.querySelector("select, input"), text = control.value.trim();
    if (kind === "number") { return text === "" ? null : Number(text.replace(",", ".")); }
    if (kind === "code") { return text || null; }
    return text;
  }

  // Names and owners are texts by language: what is entered is said in the language of the page.
  function put(values, field, lang) {
    var name = field.dataset.field, value = read(field);
    if (field.dataset.kind !== "words") { values[name] = value; return; }
    values.texts = values.texts || {};
    values.texts[name] = {};
    values.texts[name][lang] = value;
  }

  function state(name, why) {
    var place = document.getElementById("strategies-state");
    if (!place) { return; }
    place.dataset.state = name;
    place.textContent = (place.dataset[name] || "").replace("{why}", why || "");
  }

  function renew(version) {
    window.dash_clientside.set_props("strategies-renew", { data: version });
  }

  /* Send an edit or an undo, and say how it goes; `anew` draws the controls again, for rows have come or gone. */
  function follow(promise, done, anew) {
    pending += 1;
    state("saving");
    return promise.then(function (answer) {
      pending -= 1;
      if (!pending) { state(done); }
      if (anew) { renew(answer.version); }
      return answer;
    }, function (error) {
      pending -= 1;
      state("failed", error.message);
    });
  }

  function save(editor, key, values, anew) {
    return follow(window.polisee.edit(editor.dataset.set, editor.dataset.entity, key, values, ""), "saved", anew);
  }

  /* A judgement is one row: score and reason together; without a score there is none. */
  function saveJudgement(editor, cell) {
    var values = {}, score = cell.querySelector("[data-field=score]"), reason = cell.querySelector("[data-field=reason]");
    put(values, score);
    put(values, reason);
    if (values.score === null) {
      if (!cell.dataset.judged && cell.dataset.before === undefined) { return; } // a reason alone waits for its score
      values = null;
    }
    cell.dataset.before = "1";
    save(editor, JSON.parse(cell.dataset.key), values);
  }

  document.addEventListener("change", function (event) {
    var field = event.target.closest && event.target.closest("[data-field]");
    var editor = field && field.closest(".editor"), row = field && field.closest("[data-key]");
    if (!editor || !row || !window.polisee || !window.polisee.edit) { return; }
    if (editor.dataset.entity === "pay_off") { saveJudgement(editor, row); return; }
    var control = event.target, values = {};
    if (control.checkValidity && !control.checkValidity()) { state("failed", control.validationMessage); return; }
    put(values, field, editor.dataset.lang);
    save(editor, JSON.parse(row.dataset.key), values).then(function () { summarise(field); });
  });

  /* What is ticked stands in the summary of the fold. */
  function summarise(field) {
    var fold = field.closest("details"), summary = fold && fold.querySelector("summary");
    if (!summary || field.dataset.kind !== "codes") { return; }
    var names = Array.prototype.map.call(field.querySelectorAll("input:checked"), function (box) {
      return box.closest(".form-check").textContent.trim();
    });
    summary.textContent = names.join(", ") || "–";
    summary.setAttribute("aria-label", field.querySelector("legend").textContent + ": " + summary.textContent);
  }

  function code(name) {
    var plain = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    var short = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 36) || "step";
    return short + "-" + Date.now().toString(36).slice(-6); // two steps may have one name
  }

  function add(editor, form) {
    var values = JSON.parse(form.dataset.new);
    form.querySelectorAll("[data-field]").forEach(function (field) { put(values, field, editor.dataset.lang); });
    var name = values.texts.name[editor.dataset.lang];
    if (!name || !values.year) { state("failed", form.dataset.nameless); return; }
    if (!values.indicator) { values.region = values.region || null; }
    values.source = "";
    save(editor, { code: code(name) }, values, true);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-strategies]");
    var editor = button && button.closest(".editor");
    if (!editor || !window.polisee || !window.polisee.edit) { return; }
    if (button.dataset.strategies === "undo") {
      follow(window.polisee.undo(editor.dataset.set, editor.dataset.entity), "undone", true);
    }
    if (button.dataset.strategies === "remove") { save(editor, JSON.parse(button.closest("[data-key]").dataset.key), null, true); }
    if (button.dataset.strategies === "add") { add(editor, button.closest("[data-new]")); }
  });
})();
