/* Freezing a period and adopting its pack: asked of the server, told on the page. */
(function () {
  "use strict";

  function say(words) {
    var state = document.getElementById("freeze-state");
    if (state) { state.textContent = words || ""; }
  }

  function renew(version) {
    if (version && window.dash_clientside && window.dash_clientside.set_props) {
      window.dash_clientside.set_props("edition", { data: version });
    }
  }

  function freeze(button) {
    var state = document.getElementById("freeze-state"), period = document.getElementById("freeze-period");
    button.disabled = true;
    say(state.dataset.asking);
    window.polisee.post("/freeze/" + encodeURIComponent(state.dataset.programme), { period: Number(period.value) })
      .then(function (answer) {
        var place = document.createElement("div");
        place.dataset.words = state.dataset.words;
        place.dataset.lost = state.dataset.lost;
        place.className = "job";
        state.replaceChildren(place);
        window.polisee.watchJob(place, answer.job);
      })
      .catch(function (error) { button.disabled = false; say(error.message); });
  }

  function adopt(button) {
    var select = document.getElementById(button.dataset.select);
    button.disabled = true;
    window.polisee.post("/adopt/" + encodeURIComponent(button.dataset.programme), {
      number: button.dataset.number, decision: select.value
    }).then(function (answer) { renew(answer.version); })
      .catch(function (error) { button.disabled = false; say(error.message); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button || !window.polisee || !window.polisee.post) { return; }
    if (button.id === "freeze-start") { freeze(button); }
    if (button.classList.contains("pack-adopt")) { adopt(button); }
  });

  // What came of it is said again in the part that is drawn anew, which does not know it.
  var told = "";
  document.addEventListener("polisee:job", function (event) {
    if (!event.detail.place.closest || !event.detail.place.closest("#freeze-state")) { return; }
    var button = document.getElementById("freeze-start");
    if (button) { button.disabled = false; }
    if (event.detail.state !== "done" || !event.detail.result || !event.detail.result.new) { return; }
    told = event.detail.message;
    renew(event.detail.result.version);
  });
  new MutationObserver(function () {
    var state = document.getElementById("freeze-state");
    if (told && state && !state.textContent) { state.textContent = told; told = ""; }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
