"""A new register is one file: with it alone the window, the stores and the server handle the register.

new-register.py --root PREFIX [--out FOLDER]: copies the catalog, adds kinds/open-day.json and nothing else, and works with the register as
the credit office would. Ends with `new-register: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402

HELP = "下乡宣传信用知识的活动，一次记一条。"
TOO_FEW = "参加人数至少 1 人，没有人参加就不算开展。"
TITLE = "诚信宣传月进村"
KIND = {
    "name": "open-day", "version": 1, "label": {"zh": "进村宣讲日", "en": "Village talk"}, "help": {"zh": HELP, "en": "One record an activity."},
    "group": "rural", "order": 90, "title": "coalesce(title, '')", "list": ["title", "held_on", "place", "participants", "state"],
    "filters": ["state", "held_on"], "search": ["title", "place"],
    "sections": [{
        "name": "what", "label": {"zh": "活动情况", "en": "Activity"},
        "fields": [
            {"name": "title", "type": "text", "label": {"zh": "活动名称", "en": "Title"}, "required": True, "max_length": 60},
            {"name": "held_on", "type": "date", "label": {"zh": "活动日期", "en": "Date"}, "required": True},
            {"name": "place", "type": "text", "label": {"zh": "活动地点", "en": "Place"}, "max_length": 60},
            {"name": "participants", "type": "integer", "label": {"zh": "参加人数", "en": "Participants"}, "required": True,
             "checks": [{"expression": "participants >= 1", "message": {"zh": TOO_FEW, "en": "At least one participant."}}]},
        ],
    }],
    "workflow": {
        "states": [
            {"name": "planned", "label": {"zh": "已计划", "en": "Planned"}, "tone": "waiting"},
            {"name": "held", "label": {"zh": "已开展", "en": "Held"}, "tone": "good", "complete": True},
        ],
        "transitions": [{"name": "hold", "label": {"zh": "确认开展", "en": "Held"}, "from": ["planned"], "to": "held", "roles": ["office"]}],
    },
}


class NewRegister(Story):
    name, extra_kind = "new-register", KIND

    def rows(self):
        return self.sql("SELECT k.title, k.held_on, k.place, k.participants, r.state FROM k_open_day k JOIN record r USING (rid) WHERE r.deleted = 0")

    # --- the steps

    def it_stands_in_the_sidebar(self):
        self.client.open("进村宣讲日")
        self.client.sees(HELP)
        self.step("empty-list", "one file more, and the register stands in the sidebar; its empty list says what belongs there")

    def a_record_is_made(self):
        self.client.press("新建")
        self.client.enter("活动名称", TITLE)
        self.client.retype("活动日期", "2026-10-15")
        self.client.enter("活动地点", "村文化广场")
        self.client.retype("参加人数", "0")
        self.client.keys("Tab")
        self.client.sees(TOO_FEW)
        self.step("wrong-value", "a wrong value is explained at its field in the words of the file")
        self.client.retype("参加人数", "35")
        self.client.gone(contains=TOO_FEW)
        self.client.press("保存", role="push button")
        self.desk.wait_for(lambda: self.rows() == [(TITLE, "2026-10-15", "村文化广场", 35, "planned")], "the record on the server")
        self.step("saved", "the record is saved and on the server")

    def its_step_is_taken(self):
        self.client.press("确认开展")
        self.desk.wait_for(lambda: [row[4] for row in self.rows()] == ["held"], "the step on the server")
        self.client.sees("已开展")
        self.step("step", "its own step is taken, and the server knows")

    def it_is_there_tomorrow(self):
        self.client.quit()
        self.server.stop()
        self.start()
        self.client.open("进村宣讲日")
        self.desk.wait_for(lambda: [row for row in self.client.rows() if TITLE in self.client.text_of(row)], "the record in the list")
        assert self.rows() == [(TITLE, "2026-10-15", "村文化广场", 35, "held")], self.rows()
        self.step("again", "after a restart of server and window it is still there")

    def tell(self):
        self.it_stands_in_the_sidebar()
        self.a_record_is_made()
        self.its_step_is_taken()
        self.it_is_there_tomorrow()


run(NewRegister)
