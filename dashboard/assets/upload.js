/* The page for uploads: sends a file or asks for a workbook, shows how far the work is, and what came of it. */
(function () {
  "use strict";

  var polisee = window.polisee = window.polisee || {};
  var prefix = new URL(document.currentScript.src).pathname.replace(/\/assets\/[^/]*$/, "");

  function by(id) { return document.getElementById(id); }
  function value(id) { var field = by(id); return field ? field.value || "" : ""; }

  /* The field for the file, which Dash does not have. */
  function prepare() {
    var place = by("upload-file-place");
    if (!place || place.firstChild) { return; }
    var label = document.createElement("label"), field = document.createElement("input");
    label.htmlFor = field.id = "upload-file";
    label.textContent = place.dataset.label;
    field.type = "file";
    field.accept = place.dataset.accept;
    field.className = "form-control";
    place.append(label, field);
  }

  function say(place, text, wrong) {
    var words = document.createElement("p");
    words.textContent = text;
    if (wrong) { words.className = "upload-wrong"; words.setAttribute("role", "alert"); }
    place.replaceChildren(words);
  }

  function busy(on) {
    document.querySelectorAll("[data-upload], [data-written]").forEach(function (one) { one.disabled = on; });
  }

  function send(path, body, headers) {
    return fetch(prefix + path, {
      method: "POST", credentials: "same-origin", cache: "no-store", body: body,
      headers: Object.assign({ "X-PoliSEE-CSRF": polisee.csrf() }, headers || {})
    }).then(function (reply) {
      return reply.json().then(function (answer) {
        if (!reply.ok) { throw new Error(answer.error); }
        return answer.job;
      });
    });
  }

  function start(place, words, asked) {
    busy(true);
    polisee.role.then(asked).then(function (job) {
      place.dataset.words = words;
      polisee.watchJob(place, job);
    }).catch(function (error) {
      busy(false);
      say(place, error instanceof TypeError || !error.message ? by("upload-state").dataset.unsent : error.message, true);
    });
  }

  function upload(check) {
    var place = by("upload-state"), field = by("upload-file");
    by("upload-result").replaceChildren();
    if (!field.files.length) { say(place, place.dataset.choose, true); field.focus(); return; }
    var form = new FormData();
    form.append("file", field.files[0]);
    if (value("upload-layout") !== "own") {
      form.append("layout", value("upload-layout"));
      form.append("programme", value("upload-programme"));
      form.append("project", value("upload-project"));
      form.append("work_package", value("upload-package"));
    }
    if (check) { form.append("check", "1"); }
    say(place, place.dataset.sending);
    start(place, place.dataset.words, function () { return send("/upload", form); });
  }

  function write(what) {
    var body = { what: what, programme: value("take-programme"), partner: value("take-partner"), period: value("take-period") };
    start(by("written-state"), by("upload-state").dataset.writing, function () {
      return send("/upload/file", JSON.stringify(body), { "Content-Type": "application/json" });
    });
  }

  function shown(job) {
    fetch(prefix + "/upload/" + job, { credentials: "same-origin", cache: "no-store" }).then(function (reply) {
      return reply.ok ? reply.text() : reply.json().then(function (answer) { throw new Error(answer.error); });
    }).then(function (text) {
      var result = by("upload-result");
      result.innerHTML = text; // from our own server, which escapes what came from the file
      by("upload-state").replaceChildren();
      var head = result.querySelector("h2");
      if (head) { head.focus(); }
    }).catch(function (error) { say(by("upload-state"), error.message, true); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-upload], [data-written]");
    if (!button || button.disabled) { return; }
    if (button.dataset.upload) { upload(button.dataset.upload === "check"); } else { write(button.dataset.written); }
  });

  document.addEventListener("polisee:job", function (event) {
    var told = event.detail, place = told.place;
    if (!place || (place.id !== "upload-state" && place.id !== "written-state")) { return; }
    busy(false);
    if (place.id === "upload-state") { shown(told.job); return; }
    if (told.state !== "done") { say(place, told.message, true); return; }
    say(place, by("upload-state").dataset.ready);
    window.location.assign(prefix + "/upload/" + told.job + "/file");
  });

  new MutationObserver(prepare).observe(document.documentElement, { subtree: true, childList: true });
  prepare();
})();
