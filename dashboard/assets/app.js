/* What the browser does by itself: the address, navigation, tables, copies, pictures, play. No server is asked. */
(function () {
  "use strict";

  var SHARED = ["region", "peers", "method", "lang", "programme", "theme", "period", "partner"]; // choices that go along from page to page
  var routed = place();                               // the address that the router saw last
  var drawn = null;                                   // the address that the controls say, once they have spoken
  var leaving = null;                                 // the page that still stands while another one is on its way
  var speaker = null;                                 // defaults of the page whose controls spoke last
  var moved = null;                                   // a navigation under way: the heading it leaves behind
  var awaited = window.location.hash.slice(1);        // part of the page that the address names, to be shown once drawn
  var players = {};

  function place() { return window.location.pathname + window.location.search; }

  function text(value) {
    if (Array.isArray(value)) { return value.join(","); }
    return value === null || value === undefined ? "" : String(value);
  }

  /* --- one word for all: drawing a part of the page anew ----------------------------------------------------- */

  // When a part is drawn anew, the framework resets the state of each component in it, and tells every component on the
  // page of each single reset: n² steps, half a minute for a page of 2,500 components. The resets are left as they are;
  // the page is told once, after the last of them.
  function calm(store) {
    var dispatch = store.dispatch, subscribe = store.subscribe, quiet = false, waiting = new Set();

    function tell() {
      var listeners = Array.from(waiting);
      waiting.clear();
      listeners.forEach(function (listener) { listener(); });
    }

    store.subscribe = function (listener) {
      function told() {
        if (!quiet) { listener(); return; }
        if (!waiting.size) { Promise.resolve().then(tell); }
        waiting.add(listener);
      }
      var leave = subscribe(told);
      return function () { waiting.delete(listener); leave(); };
    };
    store.dispatch = function (action) {
      if (!action || action.type !== "RESET_COMPONENT_STATE") { return dispatch(action); }
      quiet = true;
      try { return dispatch(action); } finally { quiet = false; }
    };
    return store;
  }

  window.dash_stores = window.dash_stores || []; // the renderer adds its store here before it draws anything
  window.dash_stores.push = function (store) { return Array.prototype.push.call(this, calm(store)); };

  /* --- the address ---------------------------------------------------------------------------------------- */

  function writeAddress(values, defaults) {
    var told = window.dash_clientside.callback_context, ids = (told.inputs_list || [])[0] || [];
    if (!ids.length) { return window.dash_clientside.no_update; }
    if (leaving && (defaults || [])[0] === leaving.defaults) { // each page brings defaults of its own
      if (leaving.touched) { (told.triggered || []).forEach(function (change) { leaving.wishes[change.prop_id] = change.value; }); }
      return window.dash_clientside.no_update;
    }
    speaker = (defaults || [])[0];
    if (leaving) { grant(leaving.wishes, ids); leaving = null; }
    var usual = Object.assign({}, ...(defaults || []));
    var query = new URLSearchParams();
    ids.forEach(function (entry) {
      var name = entry.id.name, value = text(entry.value);
      if (value !== "" && value !== usual[name]) { query.set(name, value); }
      // A switch that is off holds an empty list, which is its default "0".
      else if (value === "" && usual[name] && usual[name] !== "0") { query.set(name, ""); }
    });
    var lang = new URLSearchParams(window.location.search).get("lang");
    if (lang) { query.set("lang", lang); }
    var search = query.toString().replace(/%2C/g, ",");
    var address = window.location.pathname + (search ? "?" + search : "") + window.location.hash;
    window.history.replaceState(window.history.state, "", address);
    drawn = place();
    markNavigation();
    return window.dash_clientside.no_update;
  }

  // Until the page that a link or "back" asked for is here, the one before it can be used. Its controls do not write an
  // address that is no longer theirs; what the reader chose there is chosen anew where the next page has that control.
  function grant(wishes, ids) {
    ids.forEach(function (entry) {
      var name = JSON.stringify({ name: entry.id.name, page: entry.id.page, type: entry.id.type }) + ".value";
      if (name in wishes && text(wishes[name]) !== text(entry.value)) {
        window.setTimeout(function () { window.dash_clientside.set_props(entry.id, { value: wishes[name] }); }, 0);
      }
    });
  }

  function leave(expected) { leaving = expected ? { defaults: speaker, touched: false, wishes: {} } : null; }

  function touched() { if (leaving) { leaving.touched = true; } }

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.target.closest && event.target.closest("[id*='\"type\":\"filter\"']")) { touched(); }
    }, true);
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { polisee: { write_address: writeAddress } });

  function prefix() {
    return document.querySelector(".brand") ? new URL(document.querySelector(".brand").href).pathname.replace(/\/$/, "") : "";
  }

  function departure() {
    var heading = document.querySelector("#content h1");
    return { heading: heading, text: heading ? heading.textContent : "", at: Date.now(), focus: document.activeElement };
  }

  function go(href) {
    var target = new URL(href, window.location.href);
    // The router only looks when path or query differ from what it saw last; the address may have moved on since.
    if (target.pathname + target.search === routed && place() !== routed) {
      target.searchParams.set("r", nonce());
    }
    stopPlaying();
    window.history.pushState({}, "", target.pathname + target.search.replace(/%2C/g, ",") + target.hash);
    leave(place() !== routed); // otherwise the router has nothing to do
    routed = place();
    drawn = null;
    moved = target.hash ? null : departure();
    awaited = target.hash.slice(1);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    if (!target.hash) { window.scrollTo(0, 0); }
    closeMenu();
    markNavigation();
  }

  function nonce() { return String(Date.now() % 100000); }

  function withShared(link) {
    var target = new URL(link.href, window.location.href), here = new URLSearchParams(window.location.search);
    SHARED.forEach(function (name) {
      if (here.has(name) && !target.searchParams.has(name)) { target.searchParams.set(name, here.get(name)); }
    });
    return target.href.replace(/%2C/g, ",");
  }

  function isOwnPage(link) {
    if (link.origin !== window.location.origin || link.target || link.hasAttribute("download")) { return false; }
    var path = link.pathname.slice(prefix().length).replace(/\/$/, "") || "/";
    return Array.prototype.some.call(document.querySelectorAll("[data-nav]"), function (a) { return a.dataset.nav === path; });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) { return; }
    if (link.dataset.lang) { event.preventDefault(); event.stopPropagation(); speak(link.dataset.lang); return; }
    if (link.hash && link.pathname === window.location.pathname && (link.getAttribute("href") || "").charAt(0) === "#") {
      event.preventDefault(); event.stopPropagation(); jumpTo(link.hash.slice(1)); return;
    }
    if (!isOwnPage(link)) { return; }
    event.preventDefault();
    event.stopPropagation();
    go(link.dataset.nav ? withShared(link) : link.href);
  }, true);

  window.addEventListener("popstate", function () {
    if (place() === (drawn || routed)) { return; } // only the part after # changed
    if (place() === routed) {
      // The router thinks that it shows this already, but the controls have moved on since.
      var again = new URL(window.location.href);
      again.searchParams.set("r", nonce());
      window.history.replaceState(window.history.state, "", again.pathname + again.search.replace(/%2C/g, ",") + again.hash);
    }
    leave(true);
    routed = place();
    drawn = null;
    awaited = "";
    moved = departure();
    stopPlaying();
    markNavigation();
  });

  function jumpTo(id) {
    var part = document.getElementById(id);
    if (!part) { return; }
    if (!part.hasAttribute("tabindex")) { part.setAttribute("tabindex", "-1"); }
    part.focus({ preventScroll: true });
    part.scrollIntoView({ behavior: "auto", block: "start" });
  }

  function speak(code) {
    var here = new URL(window.location.href);
    here.searchParams.set("lang", code);
    window.location.assign(here.href.replace(/%2C/g, ","));
  }

  function markNavigation() {
    var path = window.location.pathname.slice(prefix().length).replace(/\/$/, "") || "/";
    document.querySelectorAll("[data-nav]").forEach(function (link) {
      if (link.dataset.nav === path) { link.setAttribute("aria-current", "page"); } else { link.removeAttribute("aria-current"); }
    });
    document.querySelectorAll("[data-action=nav-group]").forEach(function (button) {
      if (button.parentNode.querySelector("[aria-current=page]")) { button.setAttribute("aria-current", "true"); } else { button.removeAttribute("aria-current"); }
    });
  }

  /* --- after each drawing: focus the heading of a new page, close what was open --------------------------- */

  // Whoever opened a menu or went to a field while the page was on its way keeps it.
  function turnedAway(left) {
    var now = document.activeElement;
    return !!document.querySelector("[data-action=nav-group][aria-expanded=true]") || (now && now !== document.body && now !== left);
  }

  new MutationObserver(function () {
    var heading = document.querySelector("#content h1");
    // The old page stays until the answer is here, so only another heading than the one left behind is focused.
    if (moved && heading && (heading !== moved.heading || heading.textContent !== moved.text)) {
      var waiting = Date.now() - moved.at < 8000 && !turnedAway(moved.focus);
      moved = null;
      heading.setAttribute("tabindex", "-1");
      if (waiting) { heading.focus({ preventScroll: true }); }
    }
    if (awaited && heading && document.getElementById(awaited)) { jumpTo(awaited); awaited = ""; }
    if (document.querySelector("[data-nav]") && !document.querySelector("[data-nav][aria-current]")) { markNavigation(); }
    describeTheme();
    wireGraphs();
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* --- clicks on figures set a filter or lead on ------------------------------------------------------------ */

  function wireGraphs() {
    document.querySelectorAll("[data-click-filter] .js-plotly-plot, [data-click-go] .js-plotly-plot").forEach(function (plot) {
      if (plot.dataset.wired || !plot.on) { return; }
      plot.dataset.wired = "1";
      function clicked(event) {
        var point = event.points[0], holder = plot.closest("[data-click-filter], [data-click-go]");
        var value = point.location || (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
        if (!value) { return false; }
        if (holder.dataset.clickGo) { go(withShared({ href: new URL(holder.dataset.clickGo + encodeURIComponent(value), window.location.href).href })); }
        else { setFilter(holder.dataset.clickFilter, value); }
        return false; // a treemap would zoom into what was clicked
      }
      plot.on("plotly_click", clicked);
      plot.on("plotly_treemapclick", clicked);
    });
  }

  function controlOf(name) {
    var found = null;
    document.querySelectorAll("[id*='\"type\":\"filter\"']").forEach(function (element) {
      if (element.id.indexOf('"name":"' + name + '"') >= 0) { found = element; }
    });
    return found;
  }

  function setFilter(name, value) {
    var control = controlOf(name);
    touched();
    if (control) { window.dash_clientside.set_props(JSON.parse(control.id), { value: value }); }
  }

  /* --- play: step a filter through its values ---------------------------------------------------------------- */

  function stopPlaying() {
    Object.keys(players).forEach(function (name) {
      window.clearInterval(players[name].timer);
      players[name].button.setAttribute("aria-pressed", "false");
      delete players[name];
    });
  }

  function steps(control) {
    if (control.tagName === "SELECT") {
      return Array.prototype.filter.call(control.options, function (o) { return !o.disabled && o.value !== ""; })
        .map(function (o) { return o.value; }).sort();
    }
    var out = [];
    for (var n = Number(control.min); n <= Number(control.max); n += 1) { out.push(String(n)); }
    return out;
  }

  function play(button) {
    var name = button.dataset.filter;
    if (players[name]) { stopPlaying(); return; }
    var control = controlOf(name);
    if (!control) { return; }
    var values = button.dataset.values ? button.dataset.values.split(",") : steps(control), at = values.indexOf(String(control.value));
    if (at < 0 || at === values.length - 1) { at = -1; }
    button.setAttribute("aria-pressed", "true");
    function step() {
      at += 1;
      if (at >= values.length) { stopPlaying(); return; }
      setFilter(name, control.tagName === "SELECT" ? values[at] : Number(values[at]));
    }
    var slow = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    players[name] = { button: button, timer: window.setInterval(step, slow ? 2500 : 900) };
    step();
  }

  /* --- actions of buttons ---------------------------------------------------------------------------------------- */

  function say(button, words) {
    var notice = document.getElementById("notice");
    if (notice) {
      notice.textContent = words;
      window.setTimeout(function () { if (notice.textContent === words) { notice.textContent = ""; } }, 2500);
    }
    if (button.dataset.before !== undefined) { return; } // still saying it after the click before
    button.dataset.before = button.textContent;
    button.textContent = words;
    window.setTimeout(function () { button.textContent = button.dataset.before; delete button.dataset.before; }, 1600);
  }

  function copy(button, words) {
    function done() { say(button, button.dataset.done || "✓"); }
    function bySelection() {
      var area = document.createElement("textarea");
      area.value = words;
      document.body.appendChild(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
      done();
    }
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(words).then(done, bySelection); return; }
    bySelection();
  }

  function cardAddress(button) {
    var card = button.closest("article[id]"), here = new URL(window.location.href);
    here.searchParams.set("lang", document.documentElement.lang);
    here.searchParams.delete("r");
    here.hash = card ? card.id : "";
    return here.href.replace(/%2C/g, ",");
  }

  function sortTable(button) {
    var head = button.closest("th"), rising = head.getAttribute("aria-sort") !== "ascending";
    head.parentNode.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    order(head);
    keepOrder(head.closest("table"));
  }

  // New figures are written into the rows where they stand, so a sorted table has to be sorted again.
  function keepOrder(table) {
    if (table.dataset.kept) { return; }
    table.dataset.kept = "1";
    var watcher = new MutationObserver(function () {
      var head = table.querySelector("th[aria-sort]");
      if (head) { order(head); }
      watcher.takeRecords(); // the moves just made are no news
    });
    watcher.observe(table.tBodies[0], { subtree: true, childList: true, attributes: true, attributeFilter: ["data-sort"] });
  }

  function order(head) {
    var body = head.closest("table").tBodies[0], rising = head.getAttribute("aria-sort") === "ascending";
    var column = head.cellIndex;
    var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    var rows = Array.prototype.slice.call(body.rows);
    rows.sort(function (a, b) {
      var x = a.cells[column].dataset.sort || "", y = b.cells[column].dataset.sort || "";
      if (x === "" || y === "") { return (x === "") - (y === ""); } // missing values stand last either way
      var p = Number(x), q = Number(y);
      var way = isNaN(p) || isNaN(q) ? collator.compare(x, y) : p - q;
      return rising ? way : -way;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  function wrapped(words, width) {
    var lines = [""];
    words.split(" ").forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && (last + " " + word).length > width) { lines.push(word); } else { lines[lines.length - 1] = last ? last + " " + word : word; }
    });
    return lines;
  }

  function picture(button) {
    var card = button.closest("article"), plot = card.querySelector(".js-plotly-plot");
    if (!plot || !window.Plotly) { return; }
    var style = getComputedStyle(document.documentElement);
    var title = wrapped(card.querySelector(".card-answer").textContent, 90);
    var under = card.querySelector(".card-subtitle"), cite = card.querySelector(".citation");
    var foot = cite ? wrapped(cite.textContent, 150) : [];
    var layout = JSON.parse(JSON.stringify(plot.layout));
    var margin = Object.assign({ l: 40, r: 40, t: 20, b: 20 }, layout.margin);
    var top = 40 + title.length * 24 + (under ? 22 : 0), bottom = foot.length * 15 + 16;
    var height = plot.offsetHeight + top + bottom, width = Math.max(plot.offsetWidth, 900);
    layout.margin = Object.assign(margin, { l: Math.max(margin.l, 24), r: Math.max(margin.r, 24), t: margin.t + top, b: margin.b + bottom });
    layout.paper_bgcolor = style.getPropertyValue("--surface");
    layout.autosize = false;
    layout.annotations = layout.annotations || [];
    layout.title = { text: "<b>" + title.join("<br>") + "</b>" + (under ? "<br><span style=\"font-size:13px\">" + under.textContent + "</span>" : ""), x: 0.02, xanchor: "left", y: 1 - 26 / height, yanchor: "top", font: { size: 18, color: style.getPropertyValue("--ink") } };
    layout.annotations.push({ text: foot.join("<br>"), x: 0, y: 0, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", yshift: -(layout.margin.b - 6), showarrow: false, align: "left", font: { size: 10, color: style.getPropertyValue("--muted") } });
    window.Plotly.downloadImage({ data: plot.data, layout: layout }, { format: button.dataset.form, filename: "polisee-" + button.dataset.name, width: width, height: height, scale: button.dataset.form === "png" ? 2 : 1 });
  }

  function plain(words) { return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

  function closeMenu() {
    var button = document.querySelector("[data-action=menu]");
    if (button) { button.setAttribute("aria-expanded", "false"); document.body.classList.remove("menu-open"); }
    closeGroups(null);
  }

  // Groups of pages in the top bar: at most one is open, and none once the reader has turned to something else.
  function closeGroups(except) {
    document.querySelectorAll("[data-action=nav-group][aria-expanded=true]").forEach(function (button) {
      if (button !== except) { button.setAttribute("aria-expanded", "false"); }
    });
  }

  function groupButton(element) {
    var group = element && element.closest && element.closest(".nav-group");
    return group && group.querySelector("[data-action=nav-group]");
  }

  document.addEventListener("pointerdown", function (event) { closeGroups(groupButton(event.target)); }, true);
  document.addEventListener("focusout", function (event) {
    if (event.relatedTarget && groupButton(event.target)) { closeGroups(groupButton(event.relatedTarget)); }
  });

  function wish() { try { return window.localStorage.getItem("polisee_theme"); } catch (e) { return null; } }

  function describeTheme() {
    var button = document.querySelector("[data-action=theme]");
    if (!button || button.dataset.described) { return; }
    button.dataset.described = "1";
    button.title = button.dataset[wish() || "auto"];
    button.setAttribute("aria-label", button.title);
  }

  function turnTheme() {
    var next = { auto: "light", light: "dark", dark: "auto" }[wish() || "auto"];
    try {
      if (next === "auto") { window.localStorage.removeItem("polisee_theme"); } else { window.localStorage.setItem("polisee_theme", next); }
    } catch (e) { /* storage may be switched off: then the device decides */ }
    applyScheme();
  }

  function applyScheme() {
    var dark = wish() ? wish() === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
    var scheme = dark ? "dark" : "light";
    if (document.documentElement.getAttribute("data-bs-theme") === scheme) {
      var button = document.querySelector("[data-action=theme]");
      if (button) { delete button.dataset.described; describeTheme(); }
      return;
    }
    document.cookie = "polisee_scheme=" + scheme + ";path=/;max-age=31536000;samesite=lax";
    window.location.reload(); // figures carry their colours, so the page is drawn anew
  }

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyScheme);

  var ACTIONS = {
    "copy": function (button) { copy(button, button.dataset.text); },
    "copy-link": function (button) { copy(button, cardAddress(button)); },
    "sort": sortTable,
    "picture": picture,
    "play": play,
    "pick": function (button) { setFilter(button.dataset.filter, button.dataset.value); },
    "set": function (button) {
      var values = JSON.parse(button.dataset.values);
      Object.keys(values).forEach(function (name) { setFilter(name, values[name]); });
    },
    "print": function () { window.print(); },
    "reload": function () { window.location.reload(); },
    "theme": turnTheme,
    "nav-group": function (button) {
      var open = button.getAttribute("aria-expanded") !== "true";
      closeGroups(button);
      button.setAttribute("aria-expanded", String(open));
    },
    "menu": function (button) {
      var open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      document.body.classList.toggle("menu-open", open);
    }
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-action]");
    if (button && ACTIONS[button.dataset.action] && button.tagName === "BUTTON") { ACTIONS[button.dataset.action](button); }
    document.querySelectorAll("details[data-fold][open], details.filter[open]").forEach(function (fold) {
      var inside = fold.contains(event.target), sibling = event.target.closest && event.target.closest("details[data-fold]");
      // Folds of a card stay open while one reads on; another fold of the same card takes their place.
      if (fold.classList.contains("filter") ? !inside : !inside && sibling && sibling.parentNode === fold.parentNode) { fold.open = false; }
    });
  });

  function leaveSearch(field, href) {
    // The framework holds the field's value and would write it back, so it is the framework that empties it.
    window.setTimeout(function () { field.value = ""; window.dash_clientside.set_props("site-search", { value: "" }); }, 0);
    go(href);
  }

  function find(field) {
    var list = document.getElementById("site-search-list"), wanted = plain(field.value.trim());
    if (!wanted || !list) { return; }
    var options = Array.prototype.slice.call(list.options);
    var found = options.filter(function (o) { return plain(o.value).indexOf(wanted) === 0; })
      .concat(options.filter(function (o) { return plain(o.value).indexOf(wanted) > 0; }))[0];
    if (found) { leaveSearch(field, found.dataset.href); return; }
    var notice = document.getElementById("notice");
    if (notice) { notice.textContent = field.closest(".site-search").dataset.nothing; window.setTimeout(function () { notice.textContent = ""; }, 4000); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.id === "site-search") { find(event.target); return; }
    if (event.key !== "Escape") { return; }
    var parts = document.querySelector(".menu-open .header-parts"), menu = document.querySelector("[data-action=menu]");
    if (parts && parts.contains(document.activeElement)) { menu.focus(); } // what holds the focus is about to vanish
    var group = groupButton(document.activeElement);
    if (group && group.getAttribute("aria-expanded") === "true") { group.focus(); }
    closeMenu();
    document.querySelectorAll("details[data-fold][open], details.filter[open], details.filter-more[open]").forEach(function (fold) {
      if (fold.contains(document.activeElement)) { fold.open = false; fold.querySelector("summary").focus(); }
    });
  });

  document.addEventListener("input", function (event) {
    var field = event.target;
    if (field.closest(".find-in-list")) { // the framework puts a field's class on the box around it
      var wanted = plain(field.value);
      field.closest(".filter-panel").querySelectorAll(".form-check").forEach(function (row) {
        row.hidden = plain(row.textContent).indexOf(wanted) < 0;
      });
    }
    if (field.id === "site-search") {
      var list = document.getElementById("site-search-list");
      Array.prototype.forEach.call(list ? list.options : [], function (option) {
        // Names of pages are short words: typed, they may be the beginning of another name.
        var typed = option.dataset.page && event.inputType === "insertText";
        if (option.value === field.value && option.dataset.href && !typed) { leaveSearch(field, option.dataset.href); }
      });
    }
  });
})();
