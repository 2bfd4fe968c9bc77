/* Signposts that facilitators change: forms and lists of likelihoods are read here and sent by edit.js; the page then
   draws what the server says. */
(function () {
  "use strict";

  var SHARES = { very_unlikely: 0.05, unlikely: 0.25, even: 0.5, likely: 0.75, very_likely: 0.95 };

  function state(kind, words) {
    var holder = document.getElementById("heading-saving");
    if (!holder) { return; }
    holder.dataset.state = kind;
    holder.textContent = kind ? holder.dataset[kind] + (words ? " " + words : "") : "";
    var notice = document.getElementById("notice"), saved = holder.textContent;
    // The board is drawn anew as soon as something was saved, so that it is said where it stays.
    if (kind !== "saved" || !notice) { return; }
    notice.textContent = saved;
    window.setTimeout(function () { if (notice.textContent === saved) { notice.textContent = ""; } }, 2500);
  }

  function send(doing) {
    state("saving", "");
    return doing.then(function (answer) { state("saved", ""); return answer; },
      function (error) { state("failed", error.message); throw error; });
  }

  function field(form, name) {
    var holder = form.querySelector("[data-name=" + name + "]");
    return holder && holder.querySelector("input, select");
  }

  function number(text) { return text === "" ? null : Number(String(text).replace(",", ".")); }

  function save(button) {
    var form = button.closest("[data-heading-form=signpost]"), values = {};
    var threshold = field(form, "threshold"), observed = field(form, "observed");
    if (threshold) { values.threshold = number(threshold.value); }
    if (observed) {
      values.observed = observed.value === "" ? null : observed.value === "yes";
      values.observed_on = observed.value === "" ? null : field(form, "observed_on").value || null;
    }
    values.due = number(field(form, "due").value);
    values.review = field(form, "review").value || null;
    button.disabled = true;
    send(window.polisee.edit(form.dataset.set, "signpost", { code: form.dataset.signpost }, values, field(form, "why").value))
      .catch(function () { /* said already */ }).then(function () { button.disabled = false; });
  }

  function judge(select) {
    var label = select.closest("[data-heading=likelihood]"), share = SHARES[select.value];
    if (share === undefined) { return; }
    var key = { signpost: label.dataset.signpost, scenario: label.dataset.scenario };
    send(window.polisee.edit(label.dataset.set, "signpost_likelihood", key, { likelihood: share }, "")).catch(function () {
      if (select.dataset.before !== undefined) { select.value = select.dataset.before; }
    });
  }

  document.addEventListener("focusin", function (event) {
    var select = event.target.closest && event.target.closest("[data-heading=likelihood] select");
    if (select) { select.dataset.before = select.value; }
  });

  document.addEventListener("change", function (event) {
    var select = event.target.closest && event.target.closest("[data-heading=likelihood] select");
    if (select) { judge(select); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-heading]");
    if (!button) { return; }
    if (button.dataset.heading === "save") { save(button); }
    if (button.dataset.heading === "undo") {
      send(window.polisee.undo(button.dataset.set, button.dataset.entity, button.dataset.entry)).catch(function () { /* said already */ });
    }
  });
})();
