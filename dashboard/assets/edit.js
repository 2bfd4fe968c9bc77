/* Editing: who the reader is (role), sending edits and undos, and telling the page that something was changed. */
(function () {
  "use strict";

  var polisee = window.polisee = window.polisee || {};
  var root = document.documentElement;
  // Where the installation lives: this script's own address says it, before anything is drawn.
  var prefix = new URL(document.currentScript.src).pathname.replace(/\/assets\/[^/]*$/, "");
  var csrf = "";
  var queue = Promise.resolve(); // edits are sent one after another, in the order in which they were made
  var edition = 0;

  function take(answer) {
    csrf = answer.csrf || "";
    root.dataset.role = answer.role || "reader";
    return answer;
  }

  function lookUpRole() {
    return fetch(prefix + "/role", { credentials: "same-origin", cache: "no-store" })
      .then(function (reply) { return reply.json(); }).then(take)
      .catch(function () { return take({}); }); // without an answer one reads on
  }

  function words(name) {
    var notice = document.getElementById("notice");
    return (notice && notice.dataset[name]) || "";
  }

  function say(text) {
    var notice = document.getElementById("notice");
    if (!notice || !text) { return; }
    notice.textContent = text;
    window.setTimeout(function () { if (notice.textContent === text) { notice.textContent = ""; } }, 8000);
  }

  function post(path, body) {
    return fetch(prefix + path, {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-PoliSEE-CSRF": csrf },
      body: JSON.stringify(body)
    }).then(function (reply) {
      return reply.json().then(
        function (answer) { return { ok: reply.ok, status: reply.status, answer: answer }; },
        function () { return { ok: false, status: reply.status, answer: {} }; }
      );
    });
  }

  function send(path, body) {
    return post(path, body).then(function (got) {
      var before = csrf;
      if (got.status !== 403) { return got; }
      // Signed in anew in another tab, or no longer signed in at all: the server knows.
      return lookUpRole().then(function () { return csrf && csrf !== before ? post(path, body) : got; });
    }).then(function (got) {
      if (!got.ok) { throw new Error(got.answer.error || words("unsaved")); }
      return got.answer;
    }, function () { throw new Error(words("unsent")); });
  }

  function tell(set, entity, answer) {
    edition = Math.max(edition, answer.version);
    if (window.dash_clientside && window.dash_clientside.set_props) {
      window.dash_clientside.set_props("edition", { data: edition });
    }
    document.dispatchEvent(new CustomEvent("polisee:edited", {
      detail: { set: set, entity: entity, version: answer.version, entry: answer.entry }
    }));
    return answer;
  }

  function write(path, set, entity, body) {
    var done = queue.then(function () { return send(path + encodeURIComponent(set), body); })
      .then(function (answer) { return tell(set, entity, answer); });
    queue = done.catch(function (error) { say(error.message); });
    return done;
  }

  /* Change a row: the columns in `values`; null removes it. Resolves with {entry, version, old, new}. */
  polisee.edit = function (set, entity, key, values, why) {
    return write("/edit/", set, entity, { entity: entity, key: key, values: values, why: why || "" });
  };

  /* Take back the newest edit of a table of a set (of the whole set without `entity`), or the one with this number. */
  polisee.undo = function (set, entity, entry) {
    var body = {};
    if (entity) { body.entity = entity; }
    if (entry) { body.entry = Number(entry); }
    return write("/undo/", set, entity || "", body);
  };

  /* Send something to a route of ours that writes, and what must come with forms that are sent otherwise. */
  polisee.post = send;
  polisee.csrf = function () { return csrf; };

  polisee.role = lookUpRole();

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-signin]");
    if (link) { // come back to where one was
      var here = window.location.pathname + window.location.search;
      link.href = prefix + "/signin?lang=" + root.lang + "&next=" + encodeURIComponent(here);
      return;
    }
    if (!(event.target.closest && event.target.closest("button[data-signout]"))) { return; }
    send("/signout", {}).then(function (answer) { take(answer); say(words("signedOut")); })
      .catch(function (error) { say(error.message); });
  });

  // A page that was kept for "back" may show the role of an hour ago.
  window.addEventListener("pageshow", function (event) { if (event.persisted) { polisee.role = lookUpRole(); } });
})();
