/* Evaluations and reviews of deliverables: recorded at once, told how it went, taken back by the button beside. */
(function () {
  "use strict";

  function part(form, name) { return document.getElementById(form.id + "-" + name); }

  function value(form, name) { return part(form, name).value.trim(); }

  function tell(form, name, why) { part(form, "state").textContent = (form.dataset[name] || "") + (why ? " " + why : ""); }

  function words(form, name) {
    var said = {};
    said[form.dataset.lang] = value(form, name);
    return said;
  }

  function done(form, promise, name) {
    promise.then(function () { tell(form, name); again(form, name); }, function (error) { tell(form, "failed", error.message); });
  }

  /* The page is drawn anew after an edit: the form that takes the place of this one is opened and says how it went. */
  function again(form, name) {
    var left = 24, wait = window.setInterval(function () {
      var now = document.getElementById(form.id);
      if (now && (now !== form || !part(now, "state").textContent)) {
        now.open = true;
        tell(now, name);
        window.clearInterval(wait);
      }
      left -= 1;
      if (left < 1) { window.clearInterval(wait); }
    }, 250);
  }

  var SAVE = {
    evaluate: function (form) {
      var subject = value(form, "subject").split(":"), evaluator = value(form, "evaluator");
      if (!evaluator) { tell(form, "missing"); part(form, "evaluator").focus(); return null; }
      var key = { subject_kind: subject[0], subject: subject[1], criterion: value(form, "criterion"), evaluator: evaluator };
      var step = { step: Number(value(form, "step")), grade: value(form, "grade"), texts: { comment: words(form, "comment") } };
      return window.polisee.edit(form.dataset.set, "evaluation", key, step, "");
    },
    review: function (form) {
      var said = { quality: value(form, "state-choice") };
      said.score = value(form, "score") ? Number(value(form, "score")) : null;
      if (value(form, "comment")) { said.texts = { comment: words(form, "comment") }; }
      return window.polisee.edit(form.dataset.set, "deliverable", { code: value(form, "code") }, said, "");
    }
  };
  var ENTITIES = { evaluate: "evaluation", review: "deliverable" };

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[id$=-save], button[id$=-undo]");
    var form = button && document.getElementById(button.id.split("-")[0]);
    if (!form || !SAVE[form.id] || !window.polisee || !window.polisee.edit) { return; }
    if (/-undo$/.test(button.id)) {
      done(form, window.polisee.undo(form.dataset.set, ENTITIES[form.id]), "undone");
      return;
    }
    var saving = SAVE[form.id](form);
    if (saving) { tell(form, "saving"); done(form, saving, "saved"); }
  });
}());
