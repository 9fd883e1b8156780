"""Messages are delivered at least once and said so once, whatever the mail server does meanwhile."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from api.acts.tables import hojas
from api.outbox.delivery import Delivery
from api.outbox.desk_sql import count_by_state, send_again, set_aside
from api.outbox.fate import Aside, Delivered
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from api.outbox.ports import Letter, Undeliverable, Unreachable
from api.outbox.settings import OutboxSettings, SmsSettings, SmtpSettings
from api.outbox.sms import FolderGateway, HttpGateway
from api.outbox.smtp import SmtpCarrier
from api.outbox.store_sql import SqlMessages
from api.outbox.tables import mensajes
from api.outbox.waiting import Terms
from api.trial.mailbox import TrialMailbox, trial_mailbox
from ledger.database import Database

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PERSON = "persona@ejemplo.mx"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[TrialMailbox]:
    with trial_mailbox(tmp_path / "correo") as made:
        yield made


def smtp(port: int, timeout: float = 5.0) -> SmtpCarrier:
    return SmtpCarrier(SmtpSettings(host="127.0.0.1", port=port, security="ninguna", timeout_seconds=timeout))


def put(database: Database, clock: Clock, *messages: Message) -> list[str]:
    with database.writing() as db:
        return [Outbox(clock, urandom).put(db, message) for message in messages]


def mail(body: str = "Hola.\n", **changes: object) -> Message:
    return replace(Message("prueba", Channel.CORREO, PERSON, "Aviso ñ", body), **changes)  # type: ignore[arg-type]


def delivery(database: Database, clock: Clock, port: int, name: str = "uno") -> Delivery:
    carriers = {Channel.CORREO: smtp(port)}
    return Delivery(SqlMessages(database, name), carriers, OutboxSettings(), clock, urandom)


def states(database: Database) -> dict[str, int]:
    with database.reading() as db:
        return count_by_state(db)


def test_a_mail_arrives_once_with_an_identifier_that_stays(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    (identifier,) = put(database, clock, mail())
    work = delivery(database, clock, box.port)
    assert (work.deliver_all(), work.deliver_all()) == (1, 0)
    (message,) = box.to(PERSON)
    assert (message["Subject"], message.get_content()) == ("Aviso ñ", "Hola.\n")
    assert identifier in message["Message-ID"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert states(database) == {"entregado": 1}


def test_what_is_not_committed_is_not_delivered(database: Database, clock: Clock, box: TrialMailbox) -> None:
    def undone() -> None:
        with database.writing() as db:
            Outbox(clock, urandom).put(db, mail())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert delivery(database, clock, box.port).deliver_all() == 0


@pytest.mark.req("APO-12")
def test_acuses_of_one_auxiliar_that_wait_go_as_one_mail(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    put(
        database,
        clock,
        *(mail(f"Folio {n}\n", group="acuse/A1") for n in range(5)),
        mail("Otro\n", group="b"),
    )
    work = delivery(database, clock, box.port)
    assert work.deliver_all() == 0, "the group still waits for others"
    clock.pass_(seconds=61)
    assert work.deliver_all() == 6
    together = next(m for m in box.to(PERSON) if m["Subject"] == "Aviso ñ (5)")
    assert all(f"Folio {n}" in together.get_content() for n in range(5))
    assert len(box.to(PERSON)) == 2


def test_a_message_waits_for_its_leaf(database: Database, clock: Clock, box: TrialMailbox) -> None:
    put(database, clock, mail(leaf=b"folio"))
    with database.writing() as db:
        db.execute(insert(hojas).values(bitacora="apoyo", llave=b"folio", entrada=b"x"))
    work = delivery(database, clock, box.port)
    assert work.deliver_all() == 0
    with database.writing() as db:
        db.execute(update(hojas).values(indice=7))
    assert work.deliver_all() == 1


def test_a_dead_server_costs_nothing_but_time(database: Database, clock: Clock, box: TrialMailbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = free.getsockname()[1]
    put(database, clock, mail())
    assert delivery(database, clock, dead).deliver_all() == 0
    assert states(database) == {"pendiente": 1}
    assert delivery(database, clock, box.port).deliver_all() == 0, "not before the pause is over"
    clock.pass_(seconds=46)
    assert delivery(database, clock, box.port).deliver_all() == 1


def test_pauses_grow_and_at_last_a_person_looks(database: Database, clock: Clock, box: TrialMailbox) -> None:
    (identifier,) = put(database, clock, mail())
    work = Delivery(SqlMessages(database, "uno"), {}, OutboxSettings(attempts=5), clock, urandom)
    pauses = []
    for _ in range(5):
        work.deliver_all()
        with database.reading() as db:
            pauses.append(db.execute(select(mensajes.c.despues_de)).scalar_one() - clock.now)
        clock.pass_(hours=2)
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    with database.writing() as db:
        assert [row.failure for row in set_aside(db)] == ["sin-salida"]
        assert send_again(db, identifier, clock.now)
    assert delivery(database, clock, box.port).deliver_all() == 1


class DyingServer(threading.Thread):
    """Speaks SMTP until DATA is over, keeps what it got, and dies without an answer."""

    def __init__(self, until: bytes) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.until = until
        self.taken = 0

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                self.speak(connection)

    def speak(self, connection: socket.socket) -> None:
        connection.sendall(b"220 hola\r\n")
        for line in map(bytes.upper, connection.makefile("rb")):
            if self.until in line:
                self.taken += 1
                return
            if not line.startswith((b"EHLO", b"MAIL", b"RCPT", b"DATA")):
                continue
            connection.sendall(b"354 va\r\n" if line.startswith(b"DATA") else b"250 bien\r\n")


@pytest.mark.parametrize("until", [b"MAIL", b"DATA", b"SUBJECT"])
def test_a_server_that_dies_in_the_middle_gets_it_again_under_the_same_identifier(
    database: Database, clock: Clock, box: TrialMailbox, until: bytes
) -> None:
    (identifier,) = put(database, clock, mail())
    dying = DyingServer(until)
    dying.start()
    assert delivery(database, clock, dying.port).deliver_all() == 0
    dying.listening.close()
    assert dying.taken == 1
    clock.pass_(minutes=5)
    assert delivery(database, clock, box.port).deliver_all() == 1
    assert identifier in box.to(PERSON)[0]["Message-ID"]


class RefusingServer(DyingServer):
    """Refuses one command, and counts how often. `command` empty: at the door."""

    def __init__(self, answer: bytes, command: bytes | tuple[bytes, ...] = b"RCPT") -> None:
        super().__init__(answer)
        self.command = command

    def speak(self, connection: socket.socket) -> None:
        self.taken += not self.command
        connection.sendall((b"220 hola" if self.command else self.until) + b"\r\n")
        for line in map(bytes.upper, connection.makefile("rb")):
            refused = bool(self.command) and line.startswith(self.command)
            self.taken += refused and not line.startswith(b"HELO")
            connection.sendall((self.until if refused else b"250 bien") + b"\r\n")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (b"550 no such user", "detenido", "smtp-550"),
        (b"451 later", "pendiente", "smtp-451"),
        (b"554 your server", "pendiente", "smtp-554"),
    ],
)
def test_an_address_that_is_refused_for_good_is_put_aside_and_the_text_of_the_server_is_not_kept(
    database: Database, clock: Clock, answer: bytes, state: str, code: str
) -> None:
    put(database, clock, mail())
    server = RefusingServer(answer)
    server.start()
    assert delivery(database, clock, server.port).deliver_all() == 0
    server.listening.close()
    with database.reading() as db:
        row = db.execute(select(mensajes.c.estado, mensajes.c.falla)).one()
    assert tuple(row) == (state, code)


@pytest.mark.parametrize(
    ("command", "answer"),
    [(b"", b"554 go away"), ((b"EHLO", b"HELO"), b"554 closed"), (b"MAIL", b"550 not your address")],
)
def test_what_a_server_has_against_us_puts_no_message_aside_and_is_asked_once_a_look(
    database: Database, clock: Clock, command: bytes | tuple[bytes, ...], answer: bytes
) -> None:
    put(database, clock, *(mail(f"{n}", to=f"p{n}@ejemplo.mx") for n in range(5)))
    server = RefusingServer(answer, command)
    server.start()
    assert delivery(database, clock, server.port).deliver_all() == 0
    server.listening.close()
    assert server.taken == 1
    assert states(database) == {"pendiente": 5}


class OneGoesWrong:
    """A carrier that nobody foresaw what one message does to."""

    def __init__(self) -> None:
        self.delivered: list[str] = []

    def deliver(self, letter: Letter) -> None:
        if letter.body == "mal":
            raise ZeroDivisionError
        self.delivered.append(letter.body)

    def rest(self) -> None:
        """It keeps nothing."""


def test_a_message_that_nobody_foresaw_stops_no_other(database: Database, clock: Clock) -> None:
    put(database, clock, mail("mal"), mail("uno"), mail("dos"))
    carrier = OneGoesWrong()
    work = Delivery(SqlMessages(database, "d"), {Channel.CORREO: carrier}, OutboxSettings(), clock, urandom)
    assert work.deliver_all() == 2
    assert carrier.delivered == ["uno", "dos"]
    assert states(database) == {"entregado": 2, "pendiente": 1}


def test_text_messages_do_not_wait_for_a_dead_mail_server(database: Database, clock: Clock) -> None:
    text = Message("codigo", Channel.SMS, "4921234567", "", "Código 1")
    put(database, clock, *(mail(f"{n}") for n in range(3)), text)
    sms = OneGoesWrong()
    work = Delivery(SqlMessages(database, "d"), {Channel.SMS: sms}, OutboxSettings(), clock, urandom)
    assert work.deliver_channel(Channel.SMS) == 1
    assert sms.delivered == ["Código 1"]


@pytest.mark.parametrize(
    "address", ["a@x.mx, b@x.mx", "sin-arroba@", "@x.mx", "a b@x.mx", "Alguien <a@x.mx>"]
)
def test_what_is_not_one_address_reaches_nobody(
    database: Database, clock: Clock, box: TrialMailbox, address: str
) -> None:
    put(database, clock, mail(to=address))
    assert delivery(database, clock, box.port).deliver_all() == 0
    assert states(database) == {"detenido": 1}
    assert box.messages() == []


def test_two_deliverers_never_share_a_message(database: Database, clock: Clock, box: TrialMailbox) -> None:
    put(database, clock, *(mail(f"{n}\n") for n in range(40)))
    works = [delivery(database, clock, box.port, f"d{n}") for n in range(4)]
    threads = [threading.Thread(target=work.deliver_all) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(m.get_content()) for m in box.to(PERSON)) == list(range(40))
    assert states(database) == {"entregado": 40}


class Dies:
    """Delivers, and then the process dies before it can say so."""

    def __init__(self, carrier: SmtpCarrier) -> None:
        self._carrier = carrier

    def deliver(self, letter: Letter) -> None:
        self._carrier.deliver(letter)
        raise KeyboardInterrupt

    def rest(self) -> None:
        self._carrier.rest()


def test_a_deliverer_that_dies_after_delivering_delivers_again_and_says_so_once(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    put(database, clock, mail())
    dying = {Channel.CORREO: Dies(smtp(box.port))}
    with pytest.raises(KeyboardInterrupt):
        Delivery(SqlMessages(database, "uno"), dying, OutboxSettings(), clock, urandom).deliver_all()
    other = delivery(database, clock, box.port, "dos")
    assert other.deliver_all() == 0, "the lease of the dead one still holds"
    clock.pass_(seconds=121)
    assert other.deliver_all() == 1
    first, second = box.to(PERSON)
    assert first["Message-ID"] == second["Message-ID"]
    assert states(database) == {"entregado": 1}


@pytest.mark.req("APO-12")
def test_a_repeat_of_a_joint_mail_takes_in_nothing_new(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    """Who keeps one mail of each Message-ID would never see what a repeat had more than the first one."""
    put(database, clock, *(mail(f"Folio {n}\n", group="acuse/A1") for n in range(3)))
    clock.pass_(seconds=61)
    dying = {Channel.CORREO: Dies(smtp(box.port))}
    with pytest.raises(KeyboardInterrupt):
        Delivery(SqlMessages(database, "uno"), dying, OutboxSettings(), clock, urandom).deliver_all()
    put(database, clock, mail("Folio 3\n", group="acuse/A1"))
    clock.pass_(seconds=200)
    assert delivery(database, clock, box.port, "dos").deliver_all() == 4
    first, *others = box.to(PERSON)
    again = next(m for m in others if m["Message-ID"] == first["Message-ID"])
    new = next(m for m in others if m["Message-ID"] != first["Message-ID"])
    assert again.get_content() == first.get_content()
    assert "Folio 3" not in first.get_content()
    assert "Folio 3" in new.get_content()


def test_a_joint_mail_is_no_larger_than_one_mail_may_be(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    put(database, clock, *(mail(str(n) * 60_000, group="g") for n in range(3)))
    clock.pass_(seconds=61)
    assert delivery(database, clock, box.port).deliver_all() == 3
    assert len(box.to(PERSON)) == 3


def test_a_late_deliverer_does_not_change_what_another_one_said(database: Database, clock: Clock) -> None:
    put(database, clock, mail())
    late, prompt = SqlMessages(database, "tarde"), SqlMessages(database, "pronto")
    lease = timedelta(seconds=10)
    terms = Terms(lease, lease, 10)
    (claimed,) = late.claim(Channel.CORREO, clock.now, terms, 10)
    clock.pass_(seconds=11)
    (again,) = prompt.claim(Channel.CORREO, clock.now, terms, 10)
    prompt.settle([(again, Delivered())], clock.now)
    late.settle([(claimed, Aside("tarde"))], clock.now)
    assert states(database) == {"entregado": 1}


def test_address_and_text_are_emptied_after_a_while(
    database: Database, clock: Clock, box: TrialMailbox
) -> None:
    put(database, clock, mail())
    delivery(database, clock, box.port).deliver_all()
    messages = SqlMessages(database, "uno")
    assert messages.empty(clock.now) == 0
    assert messages.empty(clock.now + timedelta(seconds=1)) == 1
    with database.reading() as db:
        row = db.execute(select(mensajes)).one()
    assert (row.destino, row.asunto, row.cuerpo) == (None, None, None)


def test_what_was_given_up_is_emptied_too_and_cannot_be_sent_again(database: Database, clock: Clock) -> None:
    (identifier,) = put(database, clock, mail(to="a@x.mx, b@x.mx"))
    delivery(database, clock, 1).deliver_all()
    assert SqlMessages(database, "uno").empty(clock.now + timedelta(seconds=1)) == 1
    with database.writing() as db:
        assert [row.emptied for row in set_aside(db)] == [True]
        assert not send_again(db, identifier, clock.now)


@pytest.mark.parametrize("text", ["a\nBcc: otro@ejemplo.mx", "a\r\nX: y"])
def test_a_header_cannot_be_smuggled_in(text: str) -> None:
    for change in ({"subject": text}, {"to": text}):
        with pytest.raises(ValueError, match="una línea"):
            mail(**change)


def test_without_tls_no_mail_leaves_the_machine() -> None:
    with pytest.raises(ValueError, match="TLS"):
        SmtpCarrier(SmtpSettings(host="correo.ejemplo.mx", security="ninguna"))


def gateway(status: int, seen: list[dict[str, str]]) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append({**json.loads(body), "clave": self.headers["Authorization"] or ""})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize(
    ("status", "raises"),
    [(202, None), (500, OSError), (422, Undeliverable), (401, Unreachable), (404, Unreachable)],
)
def test_a_text_message_goes_through_the_gateway(
    tmp_path: Path, status: int, raises: type[Exception] | None
) -> None:
    (tmp_path / "token").write_text("secreto\n")
    seen: list[dict[str, str]] = []
    server = gateway(status, seen)
    url = f"http://127.0.0.1:{server.server_port}/mensajes"
    carrier = HttpGateway(SmsSettings(url=url, token_file=tmp_path / "token"))
    send: Callable[[], None] = lambda: carrier.deliver(Letter("id", "4921234567", "", "Código 1"))  # noqa: E731
    if raises:
        with pytest.raises(raises):
            send()
    else:
        send()
    server.shutdown()
    assert seen == [
        {"numero": "+524921234567", "texto": "Código 1", "referencia": "id", "clave": "Bearer secreto"}
    ]


def test_a_gateway_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="ConnectError"):
        HttpGateway(SmsSettings(url=f"http://127.0.0.1:{port}/")).deliver(Letter("id", "1", "", "x"))


def test_the_folder_of_trials_keeps_a_repeat_once(tmp_path: Path) -> None:
    carrier = FolderGateway(tmp_path / "sms")
    for _ in range(2):
        carrier.deliver(Letter("id", "4921234567", "", "Código 1"))
    (file,) = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text()) == {"numero": "4921234567", "texto": "Código 1"}
