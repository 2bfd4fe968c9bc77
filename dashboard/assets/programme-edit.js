/* Decisions recorded in the meeting: saved at once, told how it went, taken back by the same button. */
(function () {
  "use strict";

  function state(form, name, why) {
    var place = document.getElementById("record-state");
    if (place) { place.textContent = (form.dataset[name] || "") + (why ? " " + why : ""); }
  }

  function field(name) { return document.getElementById("record-" + name); }

  function text(name, lang) {
    var words = {};
    words[lang] = field(name).value.trim();
    return words;
  }

  function stamp() { return Date.now().toString(36); }

  function record(form) {
    var lang = form.dataset.lang, code = "dec-" + stamp(), position = Number(form.dataset.next);
    if (!field("question").value.trim()) { field("question").focus(); return; }
    state(form, "saving");
    var decision = {
      position: position, body: "sc", decided_on: form.dataset.today, state: "adopted",
      texts: { question: text("question", lang), because: text("because", lang), decision: text("decision", lang) }
    };
    window.polisee.edit(form.dataset.set, "decision", { code: code }, decision, "").then(function () {
      if (!field("action").value.trim()) { return null; }
      var action = {
        position: position, decision: code, owner_role: field("owner").value.trim(),
        due: field("due").value || null, texts: { text: text("action", lang) }
      };
      return window.polisee.edit(form.dataset.set, "action", { code: "act-" + stamp() }, action, "");
    }).then(function () { state(form, "saved"); }, function (error) { state(form, "failed", error.message); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button"), form = document.getElementById("record");
    if (!button || !window.polisee || !window.polisee.edit) { return; }
    if (button.id === "record-save") { record(form); return; }
    if (button.id === "record-undo") {
      window.polisee.undo(form.dataset.set).then(
        function () { state(form, "undone"); }, function (error) { state(form, "failed", error.message); }
      );
      return;
    }
    if (button.dataset.actionCode) {
      window.polisee.edit(
        button.dataset.set, "action", { code: button.dataset.actionCode }, { done_on: button.dataset.today }, ""
      ).catch(function (error) { if (form) { state(form, "failed", error.message); } });
    }
  });
}());
