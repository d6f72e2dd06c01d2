"""Makes a mongod the primary of its one-member replica set: mongo_admin.py PORT SET PID SECONDS

Speaks the wire protocol itself (OP_MSG), so that neither mongosh nor a driver is needed. Initiates a set that has no
configuration yet, and gives a set that was started on another port its new address. Ends with 0 once the member
accepts writes, with 1 and a reason when it does not in time, and at once when the process PID has ended.
"""

import os
import socket
import struct
import sys
import time


def encode(document):
    body = b""
    for key, value in document.items():
        name = key.encode() + b"\0"
        if isinstance(value, bool):
            body += b"\x08" + name + bytes([value])
        elif isinstance(value, int):
            body += b"\x12" + name + struct.pack("<q", value)
        elif isinstance(value, str):
            text = value.encode() + b"\0"
            body += b"\x02" + name + struct.pack("<i", len(text)) + text
        elif isinstance(value, list):
            body += b"\x04" + name + encode({str(i): item for i, item in enumerate(value)})
        else:
            body += b"\x03" + name + encode(value)
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def decode(data, start=0):
    """The fields of the types that are needed here; others are stepped over."""
    fixed = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0xFF: 0, 0x7F: 0}
    end = start + struct.unpack_from("<i", data, start)[0] - 1
    at, result = start + 4, {}
    while at < end:
        kind = data[at]
        stop = data.index(b"\0", at + 1)
        key, at = data[at + 1 : stop].decode(), stop + 1
        if kind in fixed:
            size = fixed[kind]
            raw = data[at : at + size]
            if kind == 0x01:
                result[key] = struct.unpack("<d", raw)[0]
            elif kind == 0x08:
                result[key] = raw != b"\0"
            elif kind in (0x10, 0x12):
                result[key] = int.from_bytes(raw, "little", signed=True)
        else:
            length = struct.unpack_from("<i", data, at)[0]
            if kind == 0x02:
                size = 4 + length
                result[key] = data[at + 4 : at + 3 + length].decode()
            elif kind in (0x03, 0x04):
                size = length
                value = decode(data, at)
                result[key] = value if kind == 0x03 else list(value.values())
            elif kind == 0x05:
                size = 5 + length
            else:
                raise ValueError(f"unexpected BSON type {kind:#x} in an answer of mongod")
        at += size
    return result


def command(port, document):
    """Runs one command on a connection of its own."""
    body = encode({**document, "$db": "admin"})
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(struct.pack("<iiiiIB", 21 + len(body), 1, 0, 2013, 0, 0) + body)
        answer = b""
        while len(answer) < 4 or len(answer) < struct.unpack_from("<i", answer)[0]:
            part = connection.recv(65536)
            if not part:
                raise OSError("mongod closed the connection")
            answer += part
    return decode(answer, 21)


def expect(answer):
    if answer.get("ok") != 1:
        raise RuntimeError(answer.get("errmsg", "mongod refused a command"))
    return answer


def step(port, name):
    """Looks once and does what is missing. True when the member accepts writes, else a word about what it waits for."""
    hello = expect(command(port, {"hello": 1}))
    address = f"127.0.0.1:{port}"
    member = [{"_id": 0, "host": address}]
    if hello.get("setName") not in (None, name):
        raise RuntimeError(f"the mongod on port {port} belongs to the replica set {hello['setName']}, not to {name}")
    if hello.get("isWritablePrimary") and hello.get("me") == address:
        return True
    answer = command(port, {"replSetGetConfig": 1})
    if answer.get("code") == 94:  # NotYetInitialized
        expect(command(port, {"replSetInitiate": {"_id": name, "members": member}}))
        return "election"
    config = expect(answer)["config"]
    if config["members"][0]["host"] != address:
        changed = {"_id": name, "version": config["version"] + 1, "protocolVersion": 1, "members": member}
        expect(command(port, {"replSetReconfig": changed, "force": True}))
    return "election"


def main():
    port, name, pid, seconds = int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
    deadline = time.monotonic() + seconds
    last = "no answer yet"
    while time.monotonic() < deadline:
        if not os.path.exists(f"/proc/{pid}"):
            return "mongod has ended"
        try:
            last = step(port, name)
            if last is True:
                return None
        except (OSError, RuntimeError) as error:
            last = str(error)
        time.sleep(0.1)
    return f"mongod does not accept writes after {seconds:g} s: {last}"


if __name__ == "__main__":
    reason = main()
    if reason:
        print(reason, file=sys.stderr)
        sys.exit(1)
