"""Taking the bytes of a request into an upload, and receiving the packet when they are all there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.http.problems import Problem
from api.intake.settings import IntakeSettings
from api.intake.uploads import PartialFile, Uploads
from capture.intake.receiving import Receiving
from capture.packet.envelope import Envelope
from capture.packet.errors import PacketRefusal


class Taking:
    """Uploads of one service. Blocking work runs in threads; bodies are never whole in memory."""

    def __init__(self, uploads: Uploads, receiving: Receiving, settings: IntakeSettings) -> None:
        self.uploads = uploads
        self.receiving = receiving
        self.settings = settings

    async def begin(self, envelope: Envelope) -> tuple[str, int]:
        """Judge an envelope and keep it; the upload's name, and its offset: the end when received before."""
        known = await run_in_threadpool(self.receiving.admit, envelope)
        name = await run_in_threadpool(self.uploads.begin, envelope)
        if known is not None:
            await run_in_threadpool(self.receiving.acuse, envelope)
            self.uploads.forget(name)
            return name, envelope.tamano
        return name, await run_in_threadpool(self.uploads.offset, name)

    async def append(self, request: Request, name: str, envelope: Envelope, offset: int) -> int:
        """Take a request's body from `offset` on; the new offset. Receives the packet when it is complete.

        Raises Problem (409, 413), UploadBusy, PacketRefusal, and what `Receiving.receive` does.
        """
        async with AsyncExitStack() as stack:
            writing = self.uploads.writing(name)
            file = await run_in_threadpool(writing.__enter__)
            stack.push(writing.__exit__)
            if file.size != offset:
                detail = f"Van {file.size} bytes; continúe desde ahí (Upload-Offset)."
                raise Problem("conflicto", detail, headers={"Upload-Offset": str(file.size)})
            await self._take(request, file, envelope.tamano)
            if file.size == envelope.tamano:
                await run_in_threadpool(self._complete, name, file, envelope)
            return file.size

    async def _take(self, request: Request, file: PartialFile, length: int) -> None:
        buffer = bytearray()
        async for chunk in self._patiently(request):
            buffer += chunk
            if file.size + len(buffer) > length:
                raise Problem("demasiado-grande", f"El sobre anuncia {length} bytes.")
            if len(buffer) >= self.settings.buffer_bytes:
                await run_in_threadpool(file.write, bytes(buffer))
                buffer.clear()
        if buffer:
            await run_in_threadpool(file.write, bytes(buffer))

    async def _patiently(self, request: Request) -> AsyncIterator[bytes]:
        """Chunks until the end, the silence of a device that lost its connection, or its disconnection."""
        stream = request.stream()
        while True:
            try:
                async with asyncio.timeout(self.settings.idle_seconds):
                    chunk = await anext(stream)
            except (StopAsyncIteration, ClientDisconnect, TimeoutError):
                return
            yield chunk

    def _complete(self, name: str, file: PartialFile, envelope: Envelope) -> None:
        try:
            file.finish(envelope)
        except PacketRefusal:
            self.uploads.forget(name)  # what came is not what was announced: the device begins again
            raise
        self.receiving.receive(envelope, file.path)
        self.uploads.forget(name)
