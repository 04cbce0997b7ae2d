"""What a file is, told by its content: a name says what was meant, and is often another one or has no ending.

Only the first bytes, the names inside an archive and the outline of a protocol buffer are looked at; nothing is
unpacked, unpickled or run. Needs neither torch nor numpy.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import BinaryIO

from gatescope.messages.message import Message, one_line

_START = 512  # bytes: a tar archive tells what it is at 257
_FIXED_LENGTHS = {1: 8, 5: 4}  # of the fields of a protocol buffer, by their kinds
_MOST_FIELDS = 1 << 14  # a model has one for each of its functions and metadata


@dataclass(frozen=True, eq=False)
class FileType:
    """What a file is.

    Parameters
    ----------
    what : Message
        In words; where nothing here opens such a file, also what to do about it.
    ending : str
        By which the table of readers calls files of this type; empty where no reader opens them.
    """

    what: Message
    ending: str = ""


EMPTY, GIT_LFS = FileType(Message("is_empty")), FileType(Message("is_lfs_pointer"))
SAFETENSORS = FileType(Message("is_safetensors"), ".safetensors")
TORCH_ZIP, TORCH_LEGACY = FileType(Message("is_torch_save"), ".pt"), FileType(Message("is_torch_save"), ".pt")
PICKLE = FileType(Message("is_pickle"))

# What the first bytes match, in this order.
_STARTS: tuple[tuple[bytes, FileType], ...] = (
    (rb"\Z", EMPTY),
    (rb"version https://git-lfs", GIT_LFS),
    (rb"\x93NUMPY", FileType(Message("is_numpy"), ".npy")),
    (rb'.{8}\{"__metadata__": \{"format": "gatescope trace"', FileType(Message("is_recording"), ".gates")),
    (rb'.{8}\{"__metadata__":\{"format":"gatescope session"', FileType(Message("is_session"), ".gatescope")),
    (rb".{5}\0{3}\{", SAFETENSORS),  # 8 bytes for the length of the header, which is JSON
    (rb"\x80.(\x95.{8})?\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19\.", TORCH_LEGACY),  # its magic number
    (rb"\x80\Z", FileType(Message("is_damaged", {"detail": "1 byte"}))),
    (rb"\x80[\x02-\x05]|\([dl]p\d*\n|[\]}]q\0|c[\w.]+\n[A-Za-z_]\w*\n(p\d|q|\()", PICKLE),
    (rb"\x89HDF\r\n\x1a\n", FileType(Message("is_hdf5"))),
    (rb".{4}TFL3", FileType(Message("is_foreign_model", {"library": "TensorFlow Lite"}))),
    (rb"[\x03\x04]\0{3}\x01\0{3}(\x03\0{3}V \d|....[\x01\x02]\0{3})|4\n1\n3\nV \d",
     FileType(Message("is_foreign_model", {"library": "Lua Torch7"}))),
    (rb"GGUF", FileType(Message("is_foreign_model", {"library": "GGML (GGUF)"}))),
    (rb"PAR1", FileType(Message("is_foreign_data", {"format": "Parquet"}))),
    (rb"ARROW1", FileType(Message("is_foreign_data", {"format": "Arrow"}))),
    (rb"MATLAB 5\.0 MAT-file", FileType(Message("is_foreign_data", {"format": "MATLAB 5"}))),
    (rb"RIFF.{4}WAVE", FileType(Message("is_foreign_data", {"format": "WAV"}))),
    (rb"\x1f\x8b", FileType(Message("is_compressed", {"program": "gzip"}))),
    (rb"BZh[1-9]1AY", FileType(Message("is_compressed", {"program": "bzip2"}))),
    (rb"\xfd7zXZ\0", FileType(Message("is_compressed", {"program": "xz"}))),
    (rb"\x28\xb5\x2f\xfd", FileType(Message("is_compressed", {"program": "zstd"}))),
    (rb"7z\xbc\xaf\x27\x1c", FileType(Message("is_compressed", {"program": "7-Zip"}))),
    (rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype html|html)", FileType(Message("is_web_page"))),
)  # fmt: skip
# What stands in a zip archive under these names, wherever in it, in this order.
_ARCHIVES: tuple[tuple[frozenset[str], FileType], ...] = (
    (frozenset({"constants.pkl"}), FileType(Message("is_torchscript"))),
    (frozenset({"archive_format"}), FileType(Message("is_exported_program"))),
    (frozenset({"serialized_exported_program.json"}), FileType(Message("is_exported_program"))),
    (frozenset({"data.pkl"}), TORCH_ZIP),
    (frozenset({"config.json", "model.weights.h5"}), FileType(Message("is_foreign_model", {"library": "Keras"}))),
    (frozenset({"workbook.xml"}), FileType(Message("is_foreign_data", {"format": "Excel"}))),
)
_MODEL_FIELDS = {*range(1, 9), 14, 20, 25, 26}  # of an onnx.ModelProto; the first two are also TensorFlow's
_TORCH_TAR = {"pickle", "storages", "tensors"}


def identify_file(path: str | os.PathLike[str]) -> FileType | None:
    """Return what a file is; None for what is not known, such as text, and for what is no plain file.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    if not os.path.isfile(path):  # to open a pipe would be to wait
        return None
    with open(path, "rb") as file:
        start = file.read(_START)
        for pattern, found in _STARTS:
            if re.match(pattern, start, re.DOTALL):
                return found
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _identify_zip(file)
        if start[257:262] == b"ustar":
            return _identify_tar(file)
        return _identify_protocol_buffer(file) if start.startswith(b"\x08") else None


def _identify_zip(file: BinaryIO) -> FileType:
    import zipfile  # noqa: PLC0415 - imported when used

    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        return FileType(Message("is_damaged", {"detail": one_line(f"{type(error).__name__}: {error}")}))
    names = {member.filename.rpartition("/")[2] for member in members}
    if names and all(name.endswith(".npy") for name in names):
        return FileType(Message("is_npz"))
    found = next((found for needed, found in _ARCHIVES if needed <= names), None)
    compressed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    # torch.save compresses nothing: what is compressed may be a bomb.
    return FileType(Message("is_other_zip")) if found is None or (found is TORCH_ZIP and compressed) else found


def _identify_tar(file: BinaryIO) -> FileType:
    import tarfile  # noqa: PLC0415 - imported when used

    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            names = {member.name for member, _ in zip(archive, range(len(_TORCH_TAR) + 1), strict=False)}
    except tarfile.TarError as error:
        return FileType(Message("is_damaged", {"detail": one_line(f"{type(error).__name__}: {error}")}))
    return FileType(Message("is_torch_tar")) if names >= _TORCH_TAR else FileType(Message("is_tar"))


def _identify_protocol_buffer(file: BinaryIO) -> FileType | None:
    """Tell models of ONNX and TensorFlow by their fields, for neither begins with a signature."""
    fields = _fields_of(file)
    if {1, 7} <= fields <= _MODEL_FIELDS:  # ir_version, graph
        return FileType(Message("is_onnx"))
    if fields == {1, 2}:  # tensorflow.SavedModel: saved_model_schema_version, meta_graphs
        return FileType(Message("is_foreign_model", {"library": "TensorFlow"}))
    return None


def _fields_of(file: BinaryIO) -> set[int]:
    """Return the numbers of the outermost fields of a protocol buffer; none where a file is no such thing."""
    size, fields = file.seek(0, os.SEEK_END), set()
    file.seek(0)
    for _ in range(_MOST_FIELDS):
        fields.add(_skip_field(file, size))
        if file.tell() >= size or not fields <= _MODEL_FIELDS:
            break
    return fields if file.tell() == size else set()


def _skip_field(file: BinaryIO, size: int) -> int:
    """Read past a field; return its number."""
    key = _read_varint(file)
    kind = key & 7  # 0 is a number, 2 has its length before it
    length = _read_varint(file) if kind in (0, 2) else _FIXED_LENGTHS.get(kind, size)
    if kind != 0:
        file.seek(min(file.tell() + length, size + 1))
    return key >> 3


def _read_varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 64, 7):
        byte = file.read(1) or b"\0"
        value |= (byte[0] & 127) << shift
        if byte[0] < 128:
            break
    return value
