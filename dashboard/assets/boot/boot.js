/* Runs before the first paint: choose the colour scheme, so that nothing flashes, and tell the server of it. */
(function () {
  "use strict";
  var wish = null;
  try { wish = window.localStorage.getItem("polisee_theme"); } catch (e) { /* storage may be switched off */ }
  var dark = wish ? wish === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  var scheme = dark ? "dark" : "light";
  document.documentElement.setAttribute("data-bs-theme", scheme);
  document.cookie = "polisee_scheme=" + scheme + ";path=/;max-age=31536000;samesite=lax";
})();
