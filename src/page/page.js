const element = (id) => document.getElementById(id);
const texts = JSON.parse(element("texts").textContent);

const answerLifetime = 20; // seconds. Snowflake's proxies wait so long for the data channel, once the broker has the answer
const longestLink = 1600; // characters of a link that holds a mail; Windows and Gmail cut off more
const closingAfter = 1500; // milliseconds, so that the words of a link's own window can be read

// --- Words

let language;

function chooseLanguage(wishes) {
  language = wishes.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => Object.hasOwn(texts, tag)) ?? "en";
}

// What the service or the broker may say instead of an answer.
const errors = {
  __proto__: null, // the words come from outside: "constructor" is none of ours
  "no snowflake proxies currently available": "noVolunteer",
  "timed out waiting for answer!": "noResponse",
  "the request is too old": "slowMail",
  "the request is cut off": "changedMail",
  "the request was changed on its way": "changedMail",
  "malformed poll request": "notTaken",
  "unsupported message version": "notTaken",
  "the answer was lost": "trouble",
  "the broker could not be reached": "trouble",
  "the broker rejected the request": "notTaken",
};

// The words for it, and their values.
function wordsFor(error) {
  const minutes = /^too many requests; wait (\d{1,4}) minutes$/.exec(error)?.[1];
  return minutes ? ["tooMany", { minutes: +minutes }] : [errors[error] ?? "unknown"];
}

function withValues(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    if (typeof value === "number") return value.toLocaleString(language, { maximumFractionDigits: 1 });
    return [value].flat().map((one) => `\u2068${one}\u2069`).join(", "); // isolated: a Latin name must not turn the words around it
  });
}

function say(key, values = {}) {
  const text = texts[language][key];
  const all = { to: mail.to, life: answerLifetime, ...values };
  return Array.isArray(text) ? text.map((part) => withValues(part, all)) : withValues(text, all);
}

// The words of the service or of the browser, in the details.
function showWords(words) {
  element("words").textContent = words;
  element("said").hidden = !words;
}

// --- What is on show

// `key` names the words; `state` what can be done. Tests and the style sheet read the state.
let shown = { state: "start", key: "start", values: {} };

function show(state, key = state, values = {}) {
  shown = { state, key, values };
  draw();
  const focused = document.activeElement;
  if (focused && focused !== document.body && focused.getClientRects().length > 0) return;
  // What was pressed is gone: a keyboard goes on with the next thing to do.
  [...document.querySelectorAll("#card :is(button, a)")].find((one) => one.getClientRects().length > 0)?.focus({ preventScroll: true });
}

function draw() {
  const { state, key, values } = shown;
  document.documentElement.lang = language;
  document.documentElement.dir = say("direction");
  document.body.dataset.state = state;
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of document.querySelectorAll("[data-in]")) one.hidden = !one.dataset.in.split(" ").includes(state);
  const [verdict, ...rest] = say(key, values);
  const advice = rest.pop();
  element("verdict").textContent = verdict;
  element("vital").textContent = rest.pop() ?? "";
  element("advice").textContent = advice;
  document.title = `${verdict} – ${say("name")}`;
  element("language").setAttribute("aria-label", say("language"));
  element("language").value = language;
  drawClipboard();
  element("not-opened").hidden ||= !isOpened;
  drawRest(state); // the page's own
}

// --- The mail

// Who gets it, and its text: the request.
const mail = { to: "", text: "" };

let isOpened = false; // a mail program or a webmail was asked to show it; nobody knows whether it did
let inClipboard = ""; // the words for the part of it that was copied last
const drawClipboard = () => { element("in-clipboard").textContent = inClipboard && say(inClipboard); };

// RFC 6068 5: line breaks are CR LF.
function mailLink(text) {
  const to = encodeURIComponent(mail.to).replaceAll("%40", "@");
  return `mailto:${to}?subject=Hello` + (text ? `&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}` : "");
}

// How webmails are asked for a mail that is ready: address, and the names of the three fields.
const webmails = {
  gmail: ["https://mail.google.com/mail/?view=cm&fs=1&", "to", "su", "body"],
  outlook: ["https://outlook.live.com/mail/0/deeplink/compose?", "to", "subject", "body"],
  yahoo: ["https://compose.mail.yahoo.com/?", "to", "subject", "body"],
};

function webmailLink([address, to, subject, body], text) {
  const link = `${address}${to}=${encodeURIComponent(mail.to)}&${subject}=Hello`;
  return text ? `${link}&${body}=${encodeURIComponent(text)}` : link;
}

const isLong = () => mailLink(mail.text).length > longestLink;
const showOffer = () => show("offer", isLong() ? "offerLong" : "offer");

// A text that is too long for a link is copied.
function setMail(text) {
  mail.text = text;
  isOpened = false;
  inClipboard = "";
  const linked = isLong() ? "" : text;
  element("mail").href = mailLink(linked);
  for (const [id, webmail] of Object.entries(webmails)) element(id).href = webmailLink(webmail, linked);
  element("to").textContent = mail.to;
  element("reply").value = "";
}

// --- Buttons

// At once, since a mail program that opens takes the focus away. A browser that can't do that has another way.
async function copy(what, button) {
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.readOnly = true; // opens no keyboard
  field.value = what;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  button.focus({ preventScroll: true });
  if (!isCopied) await navigator.clipboard.writeText(what);
  inClipboard = what === mail.text ? "textCopied" : what === mail.to ? "addressCopied" : "";
  drawClipboard();
  button.textContent = say("done");
  setTimeout(() => { button.textContent = say(button.dataset.text); }, 1500);
}

async function paste({ currentTarget }) {
  const field = element("reply");
  field.value = "";
  field.focus(); // for a person whose browser does not let a page paste
  currentTarget.textContent = say("pressKeys", { keys: /^(Mac|iP)/.test(navigator.platform) ? "⌘V" : "Ctrl+V" });
  try {
    field.value = await navigator.clipboard.readText();
  } catch { return; }
  useReply(true);
}

const press = (id, action) => element(id).addEventListener("click", action);
for (const id of ["mail", ...Object.keys(webmails)])
  press(id, () => {
    isOpened = true;
    if (!isLong()) return showWaiting();
    copy(mail.text, element("copy-text"));
    show("copied", "copiedLong");
  });
for (const id of ["copy-text", "copy-instead"])
  press(id, async ({ currentTarget }) => {
    isOpened = false;
    await copy(mail.text, currentTarget);
    show("copied");
  });
press("copy-again", ({ currentTarget }) => copy(mail.text, currentTarget));
press("copy-to", ({ currentTarget }) => copy(mail.to, currentTarget));
press("sent", () => {
  isOpened = false;
  showWaiting();
});
press("wait", () => showWaiting());
press("back", showOffer);
press("paste", paste);
press("paste-again", paste);
element("reply").addEventListener("input", ({ inputType }) => useReply(!inputType || inputType.startsWith("insertFrom")));
// Anywhere on the page, since seconds count; a second reply takes the place of the first.
document.addEventListener("paste", (event) => {
  if (!isWaiting() || (event.target.matches?.("input, textarea") && event.target !== element("reply"))) return;
  event.preventDefault();
  element("reply").value = event.clipboardData.getData("text/plain");
  useReply(true);
});

for (const code of Object.keys(texts)) {
  const option = new Option(texts[code]["itself"], code);
  option.lang = code;
  element("language").append(option);
}
element("language").addEventListener("change", ({ target }) => {
  language = target.value;
  draw();
});
