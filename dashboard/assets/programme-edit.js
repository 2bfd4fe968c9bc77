/* Decisions recorded in the meeting: what is typed is saved by itself, told how it went, taken back by a button. */
(function () {
  "use strict";

  var PAUSE = 2500; // ms without a key after which a field that is still being typed is saved
  var WORDS = ["question", "because", "decision"], TASK = ["action", "owner", "due"];
  var entry = null, timer = null;

  function get(id) { return document.getElementById(id); }
  function facts() { return (get("record-facts") || {}).dataset; }
  function field(name) { return get("record-" + name); }
  function value(name) { return field(name).value.trim(); }

  function state(name, why) {
    var form = get("record"), place = get("record-state");
    if (form && place) { place.textContent = (form.dataset[name] || "") + (why ? " " + why : ""); }
  }

  // The framework keeps what a field holds: it is told of a change as if it had been typed.
  function fill(name, text) {
    var one = field(name);
    if (!one || one.value === text) { return; }
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(one, text);
    one.dispatchEvent(new Event("input", { bubbles: true }));
    window.clearTimeout(timer);
  }

  function begin(now) {
    entry = { set: now.set, position: Number(now.next), stamp: Date.now().toString(36), told: {}, made: [] };
    entry.decision = { code: "dec-" + entry.stamp };
    entry.action = { code: "act-" + entry.stamp };
  }

  function said(name, lang) {
    var words = {};
    words[lang] = value(name);
    return words;
  }

  // Sends what differs from what was sent last; answers are awaited in their order by polisee.edit itself.
  function send(kind, key, values) {
    var text = JSON.stringify(values), mine = entry, before = mine.told[kind];
    if (before === text) { return null; }
    mine.told[kind] = text;
    return window.polisee.edit(mine.set, kind, key, values, "").then(function (answer) {
      mine.made.push({ kind: kind, entry: answer.entry });
    }, function (error) {
      mine.told[kind] = before;
      throw error;
    });
  }

  function save() {
    var now = facts();
    window.clearTimeout(timer);
    if (!now || !window.polisee || !window.polisee.edit) { return; }
    if (!value("question")) {
      if (WORDS.concat(TASK).some(value)) { state("begin"); }
      return;
    }
    if (!entry || entry.set !== now.set) { begin(now); }
    var words = {};
    WORDS.forEach(function (name) { words[name] = said(name, now.lang); });
    var sent = [send("decision", entry.decision, {
      position: entry.position, body: "sc", decided_on: now.today, state: "adopted", texts: words
    })];
    if (value("action")) {
      sent.push(send("action", entry.action, {
        position: entry.position, decision: entry.decision.code, owner_role: value("owner"),
        due: value("due") || null, texts: { text: said("action", now.lang) }
      }));
    }
    sent = sent.filter(Boolean);
    if (!sent.length) { return; }
    state("saving");
    Promise.all(sent).then(function () { state("saved"); }, function (error) { state("failed", error.message); });
  }

  // What was taken back stands in the fields as it was before, and is made anew with the next key if it is gone.
  function show(kind, row) {
    var lang = facts().lang, texts = (row && row.texts) || {};
    var words = function (name) { return (texts[name] || {})[lang] || ""; };
    if (kind === "decision") {
      WORDS.forEach(function (name) { fill(name, words(name)); });
    } else {
      fill("action", words("text"));
      fill("owner", row ? row.owner_role : "");
      fill("due", (row && row.due) || "");
    }
    delete entry.told[kind];
  }

  // The newest that was typed here, else the newest of the programme.
  function takeBack(set) {
    var last = entry && entry.set === set ? entry.made.pop() : null;
    window.clearTimeout(timer);
    return window.polisee.undo(set, "", last && last.entry).then(function (back) {
      if (last) { show(last.kind, back.new); }
    });
  }

  function next() {
    save();
    entry = null;
    WORDS.concat(TASK).forEach(function (name) { fill(name, ""); });
    field("question").focus();
  }

  document.addEventListener("input", function (event) {
    if (!event.target.closest || !event.target.closest("#record")) { return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  document.addEventListener("change", function (event) {
    if (event.target.closest && event.target.closest("#record")) { save(); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button"), now = facts();
    if (!button || !window.polisee || !window.polisee.edit) { return; }
    if (button.id === "record-next") { next(); return; }
    if (button.id === "record-undo") {
      takeBack(now.set).then(function () { state("undone"); }, function (error) { state("failed", error.message); });
      return;
    }
    if (button.dataset.actionCode) {
      window.polisee.edit(
        button.dataset.set, "action", { code: button.dataset.actionCode }, { done_on: button.dataset.today }, ""
      ).catch(function (error) { state("failed", error.message); });
    }
  });
}());
