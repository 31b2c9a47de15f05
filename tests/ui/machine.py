"""What a story about the real window needs of the machine it runs on."""
import locale
import os
import shutil


def can_run(root):
    """Whether this machine has it, and the prefix what is tested. Sets the language of what is started from now on."""
    if not all(shutil.which(program) for program in ("Xvfb", "xdotool", "import")) or "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return False
    try:
        import gi
        gi.require_version("Atspi", "2.0")
        locale.setlocale(locale.LC_ALL, "zh_CN.UTF-8")
    except (ImportError, ValueError, locale.Error):
        return False
    os.environ.pop("LC_ALL", None)
    os.environ.update(LANG="zh_CN.UTF-8", LANGUAGE="zh_CN")
    return os.path.exists(f"{root}/bin/xinheng") and os.path.exists(f"{root}/bin/xinheng-server")
