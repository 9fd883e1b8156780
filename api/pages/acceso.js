// What /acceso does: looks at the link, sets password and second factor, shows the recovery codes once, and lets the
// declaration be signed. The session is a bearer token that lives in this page only; it is closed at the end.
"use strict";

const part = (id) => document.getElementById(id);
const link = location.hash.slice(1);
let token = null;
history.replaceState(null, "", location.pathname); // the secret stays out of the history and of screenshots

function say(text, failed = false) {
  part("estado").textContent = text;
  part("estado").classList.toggle("falla", failed);
}

async function ask(method, path, body) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("No hay conexión con el servicio. Nada se perdió: intente de nuevo en un momento.");
  }
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(told.detail || told.title);
  return told;
}

async function during(form, work) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error.message, true);
    part("estado").scrollIntoView({ block: "nearest" });
  } finally {
    button.disabled = false;
  }
}

function centralTime(instant) {
  const format = { dateStyle: "long", timeStyle: "short", timeZone: "America/Mexico_City" };
  return `${new Date(instant).toLocaleString("es-MX", format)} (hora del centro)`;
}

async function look() {
  if (!link) throw new Error("Esta dirección no trae enlace. Ábrala desde el mensaje que recibió, completa.");
  const shown = await ask("POST", "/v1/sesion/enlace", { enlace: link });
  part("correo").textContent = shown.correo;
  part("vence").textContent = centralTime(shown.vence);
  if (shown.secreto) {
    part("secreto").textContent = shown.secreto.replace(/(.{4})/g, "$1 ").trim();
    part("qr").src = shown.qr;
    part("aplicacion").hidden = false;
    part("titulo-contrasena").textContent = "2. Contraseña y código";
    say("Establezca su contraseña y su segundo factor.");
  } else {
    part("que-codigo").textContent = "Código de 6 cifras de la aplicación que ya usa, o un código de respaldo";
    say("Establezca una contraseña nueva.");
  }
  part("establecer").hidden = false;
}

async function complete() {
  const [first, second] = [part("contrasena").value, part("repetida").value];
  if (first !== second) throw new Error("Las dos contraseñas no son iguales.");
  const form = { enlace: link, contrasena: first, codigo: part("codigo").value.replace(/\s/g, ""), medio: "portador" };
  const opened = await ask("POST", "/v1/sesion/enlace/confirmar", form);
  token = opened.testigo;
  part("establecer").hidden = true;
  for (const code of opened.codigos_respaldo) part("codigos").append(Object.assign(document.createElement("li"), { textContent: code }));
  part("respaldo").hidden = opened.codigos_respaldo.length === 0;
  if (opened.papel.rol === "pendiente") await showDeclaration();
  else await leave("Listo: su contraseña y su segundo factor quedaron establecidos.");
}

async function showDeclaration() {
  const shown = await ask("GET", "/v1/declaratoria");
  part("texto").textContent = shown.texto;
  part("declaratoria").dataset.version = shown.version;
  part("declaratoria").dataset.sha256 = shown.sha256;
  part("declaratoria").hidden = false;
  say("Falta un paso: su cuenta queda activa cuando firma la Declaratoria de Confidencialidad.");
}

async function sign() {
  if (!part("acepto").checked) throw new Error("Marque que leyó la declaratoria y la acepta.");
  const { version, sha256 } = part("declaratoria").dataset;
  await ask("POST", "/v1/declaratoria", { version, sha256 });
  part("declaratoria").hidden = true;
  await leave("Listo: su cuenta está activa.");
}

async function leave(text) {
  await ask("DELETE", "/v1/sesion").catch(() => undefined); // it ends by itself too
  token = null;
  say(text);
}

part("establecer").addEventListener("submit", (event) => {
  event.preventDefault();
  during(event.target, complete);
});
part("declaratoria").addEventListener("submit", (event) => {
  event.preventDefault();
  during(event.target, sign);
});
look().catch((error) => say(error.message, true));
