"""A camera: serves one clip at /cam by GStreamer's RTSP server, from its beginning to each client.

usage: rtsp_camera.py PORT PIPELINE [USER PASSWORD]

PORT 0 takes a free one. Prints `camera PORT` when it can be reached. With a user it asks for
Digest. Every client gets a pipeline of its own, and the clip begins anew for it.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

port, pipeline, credentials = sys.argv[1], sys.argv[2], sys.argv[3:]

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(pipeline)

if credentials:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(credentials[0], credentials[1], token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.new_from_string(
            "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
        )
    )

server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print("camera", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
