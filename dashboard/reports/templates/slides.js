/* Turns the pages of a deck: keys, buttons, swipes, the number in the address, notes, values, and a speaker's window. */
(function () {
  "use strict";
  var root = document.documentElement;
  var decks = Array.prototype.slice.call(document.querySelectorAll(".deck"));
  var deck = decks.filter(function (one) { return !one.hidden; })[0] || decks[0];
  if (!deck) { return; }
  var offline = document.body.hasAttribute("data-offline");
  var at = 0;
  var partner = null; // the speaker's window, or the one that opened this one
  root.classList.add("js");

  function all(selector) { return Array.prototype.slice.call(deck.querySelectorAll(selector)); }
  function slides() { return all(".slide"); }
  function slide() { return slides()[at]; }
  function asked() { var found = /(\d+)$/.exec(window.location.hash); return found ? Number(found[1]) - 1 : 0; }

  function show(wanted, quiet) {
    var every = slides();
    at = Math.max(0, Math.min(every.length - 1, wanted));
    every.forEach(function (one, place) { one.classList.toggle("on", place === at); });
    deck.querySelector(".at").textContent = String(at + 1);
    fit();
    window.scrollTo(0, 0);
    try { window.history.replaceState(null, "", "#" + (at + 1)); } catch (e) { /* a file may refuse it */ }
    document.title = (at + 1) + " · " + deck.dataset.title;
    if (!quiet) {
      var said = deck.querySelector(".said");
      said.textContent = said.dataset.words.replace("{n}", at + 1).replace("{all}", every.length)
        .replace("{title}", slide().dataset.name);
      tell();
    }
  }

  /* A table that does not fit is set a little tighter; beyond that it scrolls. */
  function fit() {
    var table = slide().querySelector(".table");
    if (!table) { return; }
    table.classList.remove("tight");
    if (table.scrollHeight > table.clientHeight + 2) { table.classList.add("tight"); }
  }
  window.addEventListener("resize", fit);

  function go(by) { show(at + by); }

  /* --- two windows show the same slide --- */
  function tell() { if (partner && !partner.closed) { partner.postMessage({ polisee: "slide", at: at }, "*"); } }

  window.addEventListener("message", function (event) {
    if (!partner || event.source !== partner || !event.data || event.data.polisee !== "slide") { return; }
    if (Number.isInteger(event.data.at) && event.data.at !== at) { show(event.data.at, true); }
  });

  function openSpeaker() {
    var address = window.location.href.split("#")[0].split("?");
    var query = new URLSearchParams(address[1] || "");
    query.set("view", "speaker");
    query.set("lang", deck.dataset.lang);
    partner = window.open(address[0] + "?" + query + "#" + (at + 1), "polisee-speaker", "width=900,height=700");
  }

  /* --- switches --- */
  function press(name, on) {
    decks.forEach(function (one) {
      Array.prototype.forEach.call(one.querySelectorAll("[data-does=" + name + "]"), function (button) {
        button.setAttribute("aria-pressed", on ? "true" : "false");
      });
    });
  }

  function toggle(name, word) { press(name, root.classList.toggle(word)); }

  function full() {
    if (document.fullscreenElement) { document.exitFullscreen(); } else if (root.requestFullscreen) { root.requestFullscreen().catch(function () {}); }
  }
  document.addEventListener("fullscreenchange", function () { press("full", Boolean(document.fullscreenElement)); });

  function scheme() {
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    try { window.localStorage.setItem("polisee_theme", next); } catch (e) { /* storage may be switched off */ }
    if (!offline) { document.cookie = "polisee_scheme=" + next + ";path=/;max-age=31536000;samesite=lax"; }
  }

  function speak(code) {
    var next = decks.filter(function (one) { return one.dataset.lang === code; })[0];
    if (!next || next === deck) { return; }
    decks.forEach(function (one) { one.hidden = one !== next; });
    Array.prototype.forEach.call(document.querySelectorAll(".skip"), function (one) {
      one.hidden = one.getAttribute("href").indexOf("#" + code) !== 0;
    });
    var open = deck.querySelector(".menu").open;
    deck = next;
    root.lang = code;
    deck.querySelector(".menu").open = open;
    show(at);
    if (open) { deck.querySelector("[data-speak=" + code + "]").focus(); }
  }

  var does = {
    notes: function () { toggle("notes", "with-notes"); },
    values: function () { toggle("values", "values"); read(); },
    full: full, scheme: scheme, speaker: openSpeaker
  };

  /* --- values of a chart: one scenario after another, year by year --- */
  function draw(figure) {
    var told = JSON.parse(figure.dataset.read);
    var year = figure.querySelector("input").value;
    var shown = [];
    Array.prototype.forEach.call(figure.querySelectorAll("[data-path]"), function (button) {
      var on = button.getAttribute("aria-pressed") === "true";
      Array.prototype.forEach.call(figure.querySelectorAll(".path-" + button.dataset.path), function (group) {
        group.classList.toggle("off", !on);
      });
      if (on && told[year]) { shown.push(told[year][button.dataset.path]); }
    });
    Array.prototype.forEach.call(figure.querySelectorAll("svg"), function (svg) {
      var line = svg.querySelector(".cursor"), d = svg.dataset;
      var x = Number(d.left) + (year - d.first) / Math.max(1, d.last - d.first) * (d.right - d.left);
      line.setAttribute("x1", x); line.setAttribute("x2", x);
      line.setAttribute("visibility", root.classList.contains("values") ? "visible" : "hidden");
    });
    figure.querySelector("output").textContent = year + ": " + shown.filter(Boolean).join(" · ");
  }

  function read() { decks.forEach(function (one) { Array.prototype.forEach.call(one.querySelectorAll("[data-read]"), draw); }); }

  function flip(place) {
    var button = slide().querySelector("[data-path='" + place + "']");
    if (!button) { return false; }
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "true" ? "false" : "true");
    draw(button.closest("figure"));
    return true;
  }

  /* --- clicks, keys, swipes --- */
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target.closest("a, button") : null;
    var menu = deck.querySelector(".menu");
    if (menu.open && !menu.contains(event.target)) { menu.open = false; }
    if (!target) { return; }
    var data = target.dataset;
    if (data.step) { event.preventDefault(); go(Number(data.step)); }
    else if (data.go) { event.preventDefault(); menu.open = false; show(Number(data.go) - 1); }
    else if (data.does) { does[data.does](); }
    else if (data.speak) { speak(data.speak); }
    else if (data.path) { flip(data.path); }
    else if ("keep" in data) { target.href = target.href.split("#")[0] + "#" + (at + 1); }
  });
  document.addEventListener("input", function (event) {
    var figure = event.target.closest("figure");
    if (figure && event.target.type === "range") { draw(figure); }
  });
  Array.prototype.forEach.call(document.querySelectorAll(".menu form"), function (form) {
    form.addEventListener("submit", function () { form.action = form.action.split("#")[0] + "#" + (at + 1); });
  });

  var turns = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1
  };
  var letters = { n: does.notes, v: does.values, f: full, p: openSpeaker, b: function () { root.classList.toggle("blank"); } };

  document.addEventListener("keydown", function (event) {
    var target = event.target, menu = deck.querySelector(".menu");
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") { if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); } root.classList.remove("blank"); return; }
    if (target.closest("input, select, textarea")) { return; }
    var pressing = target.closest("a, button, summary") && (event.key === " " || event.key === "Enter");
    var scroller = target.closest(".menu-body, .table, .notes");
    var scrolling = scroller && scroller.scrollHeight > scroller.clientHeight + 2;
    if (pressing || (scrolling && /^(Arrow(Up|Down)|Page|Home|End| )/.test(event.key))) { return; }
    var phone = window.matchMedia("(max-width: 760px), (max-height: 420px)").matches;
    if (phone && /^(Arrow(Up|Down)|Page| )/.test(event.key)) { return; } // slides are longer than the screen there
    var by = turns[event.key];
    if (event.key === " " && event.shiftKey) { by = -1; }
    if (by) { event.preventDefault(); root.classList.remove("blank"); go(by); return; }
    if (event.key === "Home") { event.preventDefault(); show(0); return; }
    if (event.key === "End") { event.preventDefault(); show(slides().length - 1); return; }
    if (/^[1-9]$/.test(event.key)) { flip(String(Number(event.key) - 1)); return; }
    var letter = letters[event.key.toLowerCase()];
    if (letter) { event.preventDefault(); letter(); }
  });

  var from = null;
  document.addEventListener("touchstart", function (event) {
    var touch = event.touches[0];
    from = event.touches.length === 1 && !event.target.closest("input, .menu-body") ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  document.addEventListener("touchend", function (event) {
    if (!from) { return; }
    var touch = event.changedTouches[0], x = touch.clientX - from.x, y = touch.clientY - from.y;
    from = null;
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) { go(x < 0 ? 1 : -1); }
  }, { passive: true });

  window.addEventListener("hashchange", function () { if (asked() !== at) { show(asked()); } });

  var query = new URLSearchParams(window.location.search);
  if (offline && query.get("lang")) { speak(query.get("lang")); }
  if (query.get("view") === "speaker") {
    root.classList.add("speaker", "with-notes");
    press("notes", true);
    partner = window.opener;
  }
  read();
  show(asked(), true);
}());
