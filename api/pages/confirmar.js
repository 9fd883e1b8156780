// What /confirmar/<consulta> does: says of which consultation the invitation is, and sends what the person answers.
// The identifier and the secret of the invitation are behind «#»: no request for a page carries them.
"use strict";

const part = (id) => document.getElementById(id);
const [invitacion, secreto] = location.hash.slice(1).split(".");
const service = `/v1/consultas/${encodeURIComponent(location.pathname.split("/")[2] || "")}`;
history.replaceState(null, "", location.pathname); // the secret stays out of the history and of screenshots

function say(text, failed = false) {
  part("estado").textContent = text;
  part("estado").classList.toggle("falla", failed);
}

async function ask(method, path, body) {
  const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { method, ...sent });
  } catch {
    throw new Error("No hay conexión con el servicio. Nada se perdió: intente de nuevo en un momento.");
  }
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail || told.title);
  return told;
}

function spoken(instant, format) {
  return new Date(instant).toLocaleString("es-MX", { ...format, timeZone: "America/Mexico_City" });
}

async function look() {
  if (!invitacion || !secreto) throw new Error("Esta dirección no trae invitación. Ábrala desde el mensaje que recibió, completa.");
  const shown = await ask("GET", `${service}/preregistro`);
  part("consulta").textContent = shown.nombre;
  part("corte").textContent = spoken(`${shown.corte}T18:00:00Z`, { dateStyle: "long" });
  part("vence").textContent = `${spoken(shown.fin, { dateStyle: "long", timeStyle: "short" })} (hora del centro)`;
  if (!shown.abierto) throw new Error("El periodo para confirmar sus datos no está abierto.");
  part("respuesta").hidden = false;
  say("Diga si sus datos se mantienen iguales.");
}

async function answer(unchanged) {
  const told = await ask("POST", `${service}/invitaciones/confirmacion`, { invitacion, secreto, sin_cambios: unchanged });
  part("respuesta").hidden = true;
  say(told.mensaje);
}

part("respuesta").addEventListener("submit", async (event) => {
  event.preventDefault();
  const buttons = event.target.querySelectorAll("button");
  for (const one of buttons) one.disabled = true;
  try {
    await answer(event.submitter.value === "si");
  } catch (error) {
    say(error.message, true);
  } finally {
    for (const one of buttons) one.disabled = false;
  }
});
look().catch((error) => say(error.message, true));
