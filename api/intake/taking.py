"""Taking the bytes of a request into an upload, and receiving the packet when they are all there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.http.problems import Problem
from api.http.rates import Rate, Rates
from api.intake.settings import IntakeSettings
from api.intake.uploads import PartialFile, Uploads, name_of
from api.public_log.log import PublicLog
from capture.intake.receiving import Receiving
from capture.packet.envelope import Envelope
from capture.packet.errors import PacketRefusal
from ledger.acuse import Acuse

GATHERED = 1 << 16
"""Bytes that the server holds for a request before it stops reading: what is less came in small pieces."""


class Taking:
    """Uploads of one service. Blocking work runs in threads; bodies are never whole in memory."""

    def __init__(
        self, uploads: Uploads, receiving: Receiving, log: PublicLog, settings: IntakeSettings, rates: Rates
    ) -> None:
        self.uploads = uploads
        self.receiving = receiving
        self.log = log
        self.settings = settings
        self._rates = rates

    async def begin(self, envelope: Envelope, request: Request | None = None) -> tuple[str, int]:
        """Judge an envelope; the upload's name, and its offset: the end when received before.

        With a `request` its body is taken from the beginning, if nothing was there. The envelope is then
        only kept when the body did not end: most do, in this very request.
        """
        name, offset, known = await run_in_threadpool(self._begin, envelope, request is None)
        if known is not None:
            await self._publish(known)
        elif offset == envelope.tamano:
            offset = await self.append(None, name, envelope, offset)
        elif request is not None and offset == 0:
            offset = await self.append(request, name, envelope, 0)
            if offset < envelope.tamano:
                await run_in_threadpool(self.uploads.begin, envelope)
        return name, offset

    def _begin(self, envelope: Envelope, alone: bool) -> tuple[str, int, Acuse | None]:
        known = self.receiving.admit(envelope)
        name = name_of(envelope)
        if known is not None:
            self.uploads.forget(name)
            return name, envelope.tamano, known
        self._rates.require(Rate.DEVICES, envelope.dispositivo)  # who signed: others cannot use it up
        self.uploads.require_room(envelope, self.settings.open_uploads)
        offset = self.uploads.offset(name)
        if alone or offset:
            self.uploads.begin(envelope)
        return name, offset, None

    async def append(self, request: Request | None, name: str, envelope: Envelope, offset: int) -> int:
        """Take a request's body from `offset` on; the new offset. Receives the packet when it is complete.

        Without a request: the bytes are all there, but a crash or a full disk came before the rest.

        Raises Problem (409, 413), UploadBusy, PacketRefusal, and what `Receiving.receive` does.
        """
        async with AsyncExitStack() as stack:
            writing = self.uploads.writing(name)
            file = await run_in_threadpool(writing.__enter__)
            stack.push(writing.__exit__)
            if file.size != offset:
                detail = f"Van {file.size} bytes; continúe desde ahí (Upload-Offset)."
                raise Problem("conflicto", detail, headers={"Upload-Offset": str(file.size)})
            if request is not None:
                await self._take(request, file, envelope.tamano)
            if file.size < envelope.tamano:
                return file.size
            acuse = await run_in_threadpool(self._complete, name, file, envelope)
        await self._publish(acuse)
        return envelope.tamano

    async def _publish(self, acuse: Acuse) -> None:
        """The third step of receiving, while which no thread waits."""
        await self.log.added(acuse.folio.encode(), acuse.entry)

    async def _take(self, request: Request, file: PartialFile, length: int) -> None:
        buffer = bytearray()
        async for chunk in self._patiently(request):
            buffer += chunk
            if file.size + len(buffer) > length:
                raise Problem("demasiado-grande", f"El sobre anuncia {length} bytes.")
            if len(buffer) >= self.settings.buffer_bytes:
                await run_in_threadpool(file.write, buffer)
                buffer = bytearray()
            elif len(chunk) < GATHERED:
                await asyncio.sleep(self.settings.gather_seconds)
        if buffer:
            await run_in_threadpool(file.write, buffer)

    async def _patiently(self, request: Request) -> AsyncIterator[bytes]:
        """Chunks until the end, the silence of a device that lost its connection, its disconnection, or the
        time that one request may take: a device that sends drop by drop goes on in another one."""
        stream, until = request.stream(), time.monotonic() + self.settings.request_seconds
        while (left := until - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(min(self.settings.idle_seconds, left)):
                    chunk = await anext(stream)
            except (StopAsyncIteration, ClientDisconnect, TimeoutError):
                return
            yield chunk

    def _complete(self, name: str, file: PartialFile, envelope: Envelope) -> Acuse:
        try:
            file.finish(envelope)
        except PacketRefusal:
            self.uploads.forget(name)  # what came is not what was announced: the device begins again
            raise
        acuse = self.receiving.keep(envelope, file.path)
        self.uploads.received(name)
        return acuse
