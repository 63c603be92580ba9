"use strict";

const text = "system-ui, sans-serif";
const code = "ui-monospace, monospace";

Redoc.init(
  "openapi.json",
  { theme: { typography: { fontFamily: text, headings: { fontFamily: text }, code: { fontFamily: code } } } },
  document.getElementById("redoc"),
);
