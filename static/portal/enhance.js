// Makes pages faster at the counter. Every page also works without this file.
"use strict";

const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

function focusErrorSummary() {
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
}

// A double click is one application: later submits of the same form are dropped until the page is shown again.
function submitOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.submitted) return event.preventDefault();
    form.dataset.submitted = "yes";
    // After this turn of the event loop, so that the pressed button's name and value are still sent.
    setTimeout(() => each("button:not([type=button])", (button) => { button.disabled = true; }, form));
  });
}

function allowSubmitAgain() {
  each("form[data-submitted]", (form) => {
    delete form.dataset.submitted;
    each("button", (button) => { button.disabled = false; }, form);
  });
}

function valueOf(form, name) {
  const control = form.elements[name];
  if (!control) return "";
  if (control.type === "checkbox") return control.checked ? control.value : "";
  return control.value;
}

// data-show-when="field=value1,value2" on a control (its whole field is hidden) or on any block.
function showWhen(element) {
  const form = element.closest("form");
  if (!form) return;
  const [name, wanted] = element.dataset.showWhen.split("=");
  const values = wanted.split(",");
  const block = element.closest(".field") || element;
  const update = () => { block.hidden = !values.includes(valueOf(form, name)); };
  form.addEventListener("change", update);
  update();
}

// <select data-depends-on="id_govid_type" data-options="issuers">, with {type: [[code, label], …]} in #issuers.
function dependOn(select) {
  const source = document.getElementById(select.dataset.dependsOn);
  const data = document.getElementById(select.dataset.options);
  if (!source || !data) return;
  const lists = JSON.parse(data.textContent);
  const blank = [...select.options].find((option) => option.value === "");
  source.addEventListener("change", () => {
    const kept = select.value;
    const options = (lists[source.value] || []).map(([code, label]) => new Option(label, code, false, code === kept));
    select.replaceChildren(...(blank ? [blank] : []), ...options);
    if (!options.some((option) => option.selected)) select.selectedIndex = 0;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A keyboard-wedge scanner types the whole barcode, control characters as Ctrl+letter, and ends with Enter.
const SHORTEST_BARCODE = 60;
const SCANNER_IDLE = 300;

function receiveScan(box) {
  let idle;
  const insert = (text) => box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.addEventListener("keydown", (event) => {
    const control = event.ctrlKey && !event.altKey && event.key.length === 1 ? event.key.toUpperCase().charCodeAt(0) & 31 : 0;
    if (control === 10 || control === 13 || (control > 27 && control < 32)) {
      event.preventDefault(); // otherwise Ctrl+J opens the browser's downloads
      insert(String.fromCharCode(control));
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.key === "Enter") {
      event.preventDefault();
      insert("\n");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  box.addEventListener("input", () => {
    clearTimeout(idle);
    if (box.value.length < SHORTEST_BARCODE || !/[\r\n]$/.test(box.value)) return;
    idle = setTimeout(() => box.form.requestSubmit(document.getElementById(box.dataset.scanBox)), SCANNER_IDLE);
  });
}

function printPage(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Evidence that the end of the terms was on the screen. Without it nobody can tell, and the field stays empty.
function noteEndOfTerms(end) {
  const reached = document.querySelector("[name=scrolled_to_end]");
  if (!reached) return;
  reached.value = reached.value || "false";
  new IntersectionObserver((changes, observer) => {
    if (!changes.some((change) => change.isIntersecting)) return;
    reached.value = "true";
    observer.disconnect();
  }).observe(end);
}

// A till left alone locks itself; what was typed into a step goes along. The server says when: other tabs count too.
function lockWhenIdle({ dataset: { idle, lockAfter } }) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let deadline = Date.now() + lockAfter * 1000;
  let atWork = false;
  const noteWork = () => { atWork = true; };
  ["keydown", "pointerdown", "wheel", "touchmove"].forEach((event) => addEventListener(event, noteWork, { passive: true }));
  const ask = async () => {
    if (!atWork && Date.now() < deadline) return;
    const news = atWork ? { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) } : {};
    atWork = false;
    const answer = await fetch(idle, news).catch(() => null); // without a network the page cannot lock
    if (!answer || !answer.ok) return;
    if (answer.redirected) return location.reload(); // signed out in another tab
    const left = Number(await answer.text());
    deadline = Date.now() + left * 1000;
    if (left <= 0) lock();
  };
  setInterval(ask, Math.min(30, lockAfter / 4) * 1000);
}

function lock() {
  const form = document.getElementById("step-form") || document.getElementById("lock-form");
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "lock", value: "yes" }));
  form.submit();
}

focusErrorSummary();
each("body[data-idle]", lockWhenIdle);
each("form[data-submit-once]", submitOnce);
each("[data-show-when]", showWhen);
each("select[data-depends-on]", dependOn);
each("[data-scan-box]", receiveScan);
each("[data-print]", printPage);
each("[data-end-of-terms]", noteEndOfTerms);
window.addEventListener("pageshow", allowSubmitAgain);
