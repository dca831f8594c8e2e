// Runs before the page is painted, so that parts that need a script never flash up without one.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
