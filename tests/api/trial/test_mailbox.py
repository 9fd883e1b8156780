"""The mail server of rehearsals keeps what a real client sends."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

from api.trial.mailbox import trial_mailbox


def test_a_message_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "acuses@ejemplo.mx", "persona@ejemplo.mx", "Acuse ñ"
    message.set_content("Folio 0190…\n")
    with trial_mailbox(tmp_path / "correo") as box, smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        client.send_message(message)
        client.send_message(message, to_addrs=["otra@ejemplo.mx"])
        kept = box.to("persona@ejemplo.mx")
    assert [m["Subject"] for m in kept] == ["Acuse ñ", "Acuse ñ"]
    assert kept[0].get_content() == "Folio 0190…\n"
    assert box.to("nadie@ejemplo.mx") == []
