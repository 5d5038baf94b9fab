"""The Bot API's objects for what people send besides text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .arguments import Upload

if TYPE_CHECKING:
    from .world import World

_FILES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "photo": ("photo.jpg", "image/jpeg", {"width": 640, "height": 480}),
    "document": ("report.pdf", "application/pdf", {}),
    "video": ("video.mp4", "video/mp4", {"width": 640, "height": 480, "duration": 3}),
    "animation": ("cat.mp4", "video/mp4", {"width": 320, "height": 240, "duration": 2}),
    "audio": ("song.mp3", "audio/mpeg", {"duration": 60}),
    "voice": ("voice.ogg", "audio/ogg", {"duration": 3}),
    "video_note": ("note.mp4", "video/mp4", {"length": 240, "duration": 3}),
    "sticker": (
        "sticker.webp",
        "image/webp",
        {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "emoji": "🌿"},
    ),
}
_LOCATION = {"latitude": 52.52, "longitude": 13.405}
_THINGS: dict[str, dict[str, Any]] = {
    "location": _LOCATION,
    "venue": {"location": _LOCATION, "title": "Pharmacy", "address": "1 Main Street"},
    "contact": {"phone_number": "+15005550006", "first_name": "Someone"},
    "dice": {"emoji": "🎲", "value": 4},
}


def content(world: World, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Take a kind of thing and the fields that differ from the usual; give the part of a message that holds it."""
    if kind in _FILES:
        return _file(world, kind, fields)
    if kind == "poll":
        return {"poll": _poll(world, fields)}
    thing = _THINGS[kind] | fields
    return {kind: thing} | ({"location": thing["location"]} if kind == "venue" else {})


def _file(world: World, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    name, content_type, usual = _FILES[kind]
    data = fields.pop("data", b"\x00" * 16)
    upload = Upload(fields.get("file_name", name), fields.get("mime_type", content_type), data)
    file_id = world.store(upload)
    thing = usual | {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(data)} | fields
    if kind in ("document", "video", "animation", "audio"):
        thing |= {"file_name": upload.name, "mime_type": upload.content_type}
    if kind == "animation":
        return {"animation": thing, "document": thing}
    return {kind: [thing] if kind == "photo" else thing}


def _poll(world: World, fields: dict[str, Any]) -> dict[str, Any]:
    options = [{"text": text, "voter_count": 0, "persistent_id": text} for text in fields.pop("options", ("Yes", "No"))]
    usual = {
        "id": str(world.new_id()),
        "question": "Yes or no?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    return usual | fields
