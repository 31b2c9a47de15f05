"""Photos on a record: chosen, made smaller, shown, removed and taken back, refused with a reason, sent, and opened on another computer.

attachments.py --root PREFIX [--out FOLDER]: a demo county whose lessons before entry ask for photos. Ends with `attachments: OK`; exit code
77 where there is no display server or accessibility tree to be had."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402

TOPIC = "餐饮经营者准入教育"


class Attachments(Story):
    name, households, login = "attachments", 20, "department"

    def make_windows(self):
        os.environ["XINHENG_TODAY"] = "2026-11-22"
        super().make_windows()

    def start(self):
        self.photos()
        super().start()
        self.main = self.client.window_id

    def catalog(self):
        folder = self.copy_catalog()
        path = folder + "/kinds/entry-education.json"
        with open(path, encoding="utf-8") as file:
            kind = json.load(file)
        for field in (f for s in kind["sections"] for f in s.get("fields", [])):
            if field["name"] == "photos":
                field["required_when"] = "state = 'filed' and topic = '" + TOPIC + "'"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(kind, file, ensure_ascii=False)
        return folder

    def photos(self):
        """A photo as a telephone takes it, a small drawing, a program that calls itself a photo."""
        def draw(*words):
            subprocess.run(["convert", *words], check=True)
        draw("-size", "3600x2700", "gradient:steelblue-lightyellow", "-fill", "darkgreen", "-draw", "rectangle 400,1500 3200,2500", "-fill", "white",
             "-draw", "circle 1800,900 1800,500", self.folder + "/scene.jpg")
        draw("-size", "640x480", "gradient:khaki-white", "-fill", "black", "-draw", "line 60,300 580,240", self.folder + "/signs.png")
        with open(self.folder + "/tool.jpg", "wb") as file:
            file.write(b"MZ\x90\0" + bytes(500))

    def windows(self):
        return set(self.client.windows())

    def choose(self, name):
        """Types a path into the file chooser, a window of its own, and waits until it is gone."""
        self.client.press(contains="添加照片", role="push button")
        self.desk.wait_for(lambda: self.windows() - {self.main}, "the file chooser")
        chooser = self.windows() - {self.main}
        self.client.settle()
        self.client.focus()
        self.client.type(os.path.join(self.folder, name))
        self.client.settle()
        self.client.keys("Return")
        self.desk.wait_for(lambda: not self.windows() & chooser, "the file chooser to be gone")

    def scroll_down(self):
        """To the end of the form, where the photos are."""
        subprocess.run(["xdotool", "mousemove", "--window", self.main, "600", "500", "click", "--repeat", "30", "--delay", "10", "5"],
                       env=self.client.env, check=True)

    def on_server(self, query, expected):
        self.desk.wait_for(lambda: self.sql(query)[0][0] == expected, f"{expected} by {query}")

    # --- the steps

    def a_record_asks_for_evidence(self):
        self.client.open("准入前诚信教育")
        self.client.press(contains="新建")
        self.client.enter("主题", TOPIC)
        self.client.find(contains="添加照片", role="push button")
        self.scroll_down()
        self.step("empty", "the form has a place for photos")

    def a_large_photo_is_made_smaller(self):
        self.choose("scene.jpg")
        self.client.sees("照片较大")
        self.step("large", "a large photo is offered to be made smaller")
        self.client.press(contains="缩小(S)", role="push button")
        self.client.find("打开 scene.jpg")
        self.choose("signs.png")
        self.client.find("打开 signs.png")
        self.client.sees("还没有上传")
        self.step("two", "both are there, with their pictures")

    def a_program_is_refused(self):
        self.choose("tool.jpg")
        self.client.sees("不收“tool.jpg”这种文件")
        self.step("refused", "what is no picture is refused, with the reason")
        self.client.press(contains="关闭(C)", role="push button")
        self.client.gone(contains="不收“tool.jpg”")
        self.client.focus()

    def removing_is_taken_back(self):
        self.client.press("删除 signs.png")
        self.client.press("撤销 撤销")  # the toast’s button; it does not stay for long
        self.client.find("打开 signs.png")
        self.step("undone", "removing is taken back")

    def a_photo_is_opened(self):
        self.client.press("打开 scene.jpg")
        self.desk.wait_for(lambda: self.windows() - {self.main}, "the window with the picture")
        self.client.focus()
        self.step("open", "a photo is opened in a window of its own")
        self.client.keys("Escape")
        self.desk.wait_for(lambda: self.windows() == {self.main}, "the picture to be closed")
        self.client.focus()

    def a_server_without_room_is_said(self):
        self.server.stop()
        self.server.start("--keep-free", "1000000000")
        self.client.press("保存")
        self.client.sees("服务器现在没有空间存附件")
        self.step("no-room", "the server has no room for files: it is said, and nothing stops")
        self.client.open("同步")
        self.client.sees("附件等待上传")
        self.client.sees("附件传到服务器后自动上传")
        self.step("waiting", "the page of the synchronisation says what waits for what")
        self.server.stop()
        self.server.start()
        self.client.press("立即同步", role="push button")
        self.on_server("SELECT count(*) FROM blob_holder WHERE login = 'department'", 2)
        self.client.open("准入前诚信教育")
        self.client.open_row(TOPIC)
        self.client.find("打开 scene.jpg")
        self.scroll_down()

    def it_is_sent_and_nothing_is_left_behind(self):
        self.on_server("SELECT count(*) FROM blob_holder WHERE login = 'department'", 2)
        self.client.sees("已上传")
        self.step("sent", "saved, and both files are on the server")
        self.client.quit()
        left = [name for place in ("outgoing", "kept", "open") for _, _, names in os.walk(f"{self.files()}/{place}") for name in names]
        assert not left, f"left behind: {left}"
        self.say("nothing is left behind that nobody needs")

    def files(self):
        """Where the files of the one account of the first computer are."""
        desks = f"{self.folder}/client/desks"
        return f"{desks}/{os.listdir(desks)[0]}/files"

    def another_computer_fetches_it(self):
        self.client = self.new_client("another", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})
        self.open_window(login="office")
        self.main = self.client.window_id
        self.client.open("准入前诚信教育")
        self.client.open_row(TOPIC)
        self.client.find("打开 scene.jpg")
        self.client.sees("在服务器上")
        self.scroll_down()
        self.step("there", "on another computer they are named, not fetched")
        self.client.press("打开 signs.png")
        self.desk.wait_for(lambda: self.windows() - {self.main}, "the window with the picture")
        self.client.keys("Escape")
        self.desk.wait_for(lambda: self.windows() == {self.main}, "the picture to be closed")
        self.client.focus()
        self.client.sees("已上传")
        self.step("fetched", "opened, it is fetched and shown")

    def without_contact_it_is_said(self):
        self.server.stop()
        self.client.press("打开 scene.jpg")
        self.client.sees("现在连不上")
        self.step("offline", "without contact it is said")
        self.client.press(contains="关闭(C)", role="push button")

    def tell(self):
        for step in (self.a_record_asks_for_evidence, self.a_large_photo_is_made_smaller, self.a_program_is_refused, self.removing_is_taken_back,
                     self.a_photo_is_opened, self.a_server_without_room_is_said, self.it_is_sent_and_nothing_is_left_behind,
                     self.another_computer_fetches_it, self.without_contact_it_is_said):
            step()


run(Attachments)
