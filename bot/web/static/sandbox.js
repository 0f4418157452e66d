// Weaves changes into the open page, leaving alone what the reader holds: focus, words being typed,
// open details, the place they scrolled to. Everything works without it, one page load at a time.
"use strict";

const live = () => document.getElementById("live");
const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || "" : "");
const isAlike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

// An attribute may change under the reader; whether a details stands open is theirs to say.
function weaveAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(old.nodeName === "DETAILS" && name === "open")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !(old.nodeName === "DETAILS" && name === "open")) old.setAttribute(name, value);
  }
}

// Elements stay the same elements, so the browser keeps their state; only what differs is touched.
function weave(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  weaveAttributes(old, fresh);
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  for (const child of [...old.childNodes]) {
    if (keyOf(child) && !wanted.has(keyOf(child))) child.remove();
  }
  const byKey = new Map([...old.childNodes].filter(keyOf).map((child) => [keyOf(child), child]));
  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const known = keyOf(child) ? byKey.get(keyOf(child)) : next;
    // Blanks between elements go first: moving an element would take the focus from it.
    while (keyOf(child) && known && next !== known && next?.nodeType === 3) {
      const blank = next;
      next = next.nextSibling;
      blank.remove();
    }
    if (known && isAlike(known, child)) {
      if (known === next) next = next.nextSibling;
      else old.insertBefore(known, next);
      weave(known, child);
    } else {
      old.insertBefore(document.importNode(child, true), next);
    }
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

function announce(before) {
  const posts = [...live().querySelectorAll("[data-post]")];
  const fresh = posts.filter((post) => !before.has(post.dataset.post)).length;
  if (fresh) document.getElementById("news").textContent = fresh === 1 ? "One new post." : `${fresh} new posts.`;
}

let looking = false;
let missed = false;

async function look() {
  missed = looking;
  if (looking) return;
  looking = true;
  try {
    const address = new URL("/sandbox/fragment", location.href);
    address.search = location.search;
    if (!address.searchParams.get("me") && live().dataset.me) address.searchParams.set("me", live().dataset.me);
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.status === 404) return void location.assign("/sandbox");
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = new Set([...live().querySelectorAll("[data-post]")].map((post) => post.dataset.post));
    weave(live(), page.getElementById("live"));
    announce(before);
    count();
  } finally {
    looking = false;
    if (missed) look();
  }
}

// Nobody looks at a hidden page, so it does not listen either.
let stream = null;

function listen() {
  stream?.close();
  stream = null;
  if (document.hidden) return;
  stream = new EventSource(`/sandbox/events?since=${encodeURIComponent(live().dataset.version)}`);
  stream.addEventListener("changed", (event) => {
    if (event.data !== live().dataset.version) look();
  });
}

// A ticked tag is part of the post, so it counts.
function count() {
  const composer = document.querySelector(".composer");
  if (!composer) return;
  const words = composer.elements.text.value;
  const written = words.toLowerCase().split(/\s+/);
  const tags = [...composer.querySelectorAll("[name=tag]:checked")].map((tag) => `#${tag.value}`);
  const added = tags.filter((tag) => !written.includes(tag.toLowerCase()));
  const left = composer.dataset.longest - [...[words, ...added].join(" ")].length;
  composer.querySelector("[data-left]").textContent =
    left < 0 ? `${-left} characters too many` : `${left} characters left`;
}

document.addEventListener("input", count);
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", listen);
count();
