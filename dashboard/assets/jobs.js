/* Long work beside the server: how far it is, told by <div data-job="12" data-words="Working …">.

   On its end the event `polisee:job` is dispatched on the document (detail: {job, state, message, result}). Then the
   page goes on to the address in data-then, if it is one of ours, or only says what came of it. */
(function () {
  "use strict";

  var polisee = window.polisee = window.polisee || {};
  var prefix = new URL(document.currentScript.src).pathname.replace(/\/assets\/[^/]*$/, "");
  var PAUSE = 400, LONGEST = 3000, PATIENCE = 8;

  function draw(place) {
    var bar = document.createElement("progress"), words = document.createElement("p");
    bar.setAttribute("aria-label", place.dataset.words || "");
    words.setAttribute("role", "status");
    words.className = "job-words muted";
    words.textContent = place.dataset.words || "";
    place.replaceChildren(bar, words);
    return { bar: bar, words: words };
  }

  function show(place, parts, told) {
    if (told.total > 0) {
      parts.bar.max = told.total;
      parts.bar.value = told.done;
      var text = (place.dataset.words || "") + " " + told.done + " / " + told.total;
      if (parts.words.textContent !== text) { parts.words.textContent = text.trim(); }
    }
  }

  function finish(place, parts, told) {
    parts.bar.remove();
    parts.words.textContent = told.message || "";
    parts.words.className = "job-words job-" + told.state;
    var number = place.dataset.job;
    delete place.dataset.job;
    document.dispatchEvent(new CustomEvent("polisee:job", {
      detail: { job: Number(number), state: told.state, message: told.message, result: told.result, place: place }
    }));
    var then = place.dataset.then || "";
    if (told.state === "done" && /^\/(?!\/)/.test(then)) { window.location.assign(then); }
  }

  function watch(place) {
    if (place.dataset.watched === place.dataset.job) { return; }
    place.dataset.watched = place.dataset.job;
    var parts = draw(place), number = place.dataset.job, failures = 0, pause = PAUSE;
    function ask() {
      if (!place.isConnected || place.dataset.job !== number) { return; }
      fetch(prefix + "/jobs/" + encodeURIComponent(number), { credentials: "same-origin", cache: "no-store" })
        .then(function (reply) {
          return reply.json().then(function (told) {
            if (!reply.ok) { finish(place, parts, { state: "failed", message: told.error, result: null }); return; }
            failures = 0;
            show(place, parts, told);
            if (told.state === "done" || told.state === "failed") { finish(place, parts, told); return; }
            pause = Math.min(pause * 1.15, LONGEST);
            window.setTimeout(ask, pause);
          });
        })
        .catch(function () { // the server may be starting anew; the work goes on beside it
          failures += 1;
          if (failures < PATIENCE) { window.setTimeout(ask, LONGEST); return; }
          finish(place, parts, { state: "failed", message: place.dataset.lost || "", result: null });
        });
    }
    ask();
  }

  function look() { document.querySelectorAll("[data-job]").forEach(watch); }

  /* Show how far a job is in this element, from now on. */
  polisee.watchJob = function (place, job) {
    place.dataset.job = String(job);
    watch(place);
  };

  new MutationObserver(look).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-job"]
  });
  look();
})();
