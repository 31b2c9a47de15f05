"""My work: an overdue row opens its record; many are reviewed at once, each gets its own answer, and what was done can be taken back.

work.py --root PREFIX [--out FOLDER]: copies the catalog, adds one register with a review, and works as the one who reviews. Ends with
`work: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from account import Account, uuid7  # noqa: E402
from story import Story, run  # noqa: E402

REGISTER, OVERDUE, FIRST, SECOND, THIRD = "读书承诺", "甲村读书承诺", "乙村读书承诺", "丙村读书承诺", "丁村读书承诺"
NO_SCORE = "先打分，再通过。"
ROLES = ["manager", "office"]
KIND = {
    "name": "reading-pledge", "version": 1, "label": {"zh": REGISTER, "en": "Reading pledge"},
    "help": {"zh": "一条一村。", "en": "One a village."}, "group": "culture", "order": 99, "title": "coalesce(title, '')",
    "list": ["title", "due_on", "state"], "filters": ["state"], "search": ["title"],
    "roles": {"read": ROLES, "create": ["office"], "edit": ROLES, "delete": ["office"]},
    "sections": [{"name": "what", "label": {"zh": "承诺", "en": "Pledge"}, "fields": [
        {"name": "title", "type": "text", "label": {"zh": "名称", "en": "Title"}, "required": True},
        {"name": "due_on", "type": "date", "label": {"zh": "审核期限", "en": "Review by"}},
        {"name": "score", "type": "integer", "label": {"zh": "评分", "en": "Score"}},
        {"name": "return_reason", "type": "text", "label": {"zh": "退回原因", "en": "Why it is returned"}},
        {"name": "returned_on", "type": "date", "label": {"zh": "退回日期", "en": "Returned on"}},
    ]}],
    "due": [{"name": "review", "label": {"zh": "审核", "en": "Review"}, "date": "due_on", "states": ["submitted"]}],
    "workflow": {
        "states": [
            {"name": "draft", "label": {"zh": "起草", "en": "Draft"}, "tone": "neutral"},
            {"name": "submitted", "label": {"zh": "待审", "en": "Submitted"}, "tone": "waiting", "edit": ["manager"]},
            {"name": "accepted", "label": {"zh": "已通过", "en": "Accepted"}, "tone": "good", "complete": True, "edit": []},
        ],
        "transitions": [
            {"name": "submit", "label": {"zh": "提交", "en": "Submit"}, "from": ["draft"], "to": "submitted", "roles": ["office"]},
            {"name": "accept", "label": {"zh": "审核通过", "en": "Accept"}, "from": ["submitted"], "to": "accepted", "roles": ["manager"],
             "when": "score is not null", "message": {"zh": NO_SCORE, "en": "Give a score first."}},
            {"name": "return", "label": {"zh": "退回", "en": "Return"}, "from": ["submitted"], "to": "draft", "roles": ["manager"],
             "destructive": True, "when": "return_reason is not null and returned_on is not null", "message": {"zh": "先写退回原因。", "en": "Say why first."}},
            {"name": "reopen", "label": {"zh": "撤回通过", "en": "Reopen"}, "from": ["accepted"], "to": "submitted", "roles": ["manager"]},
        ],
    },
}


class Work(Story):
    name, households, login, extra_kind = "work", 20, "manager", KIND

    def start(self):
        self.server.start()
        self.fill()
        self.open_window()

    def fill(self):
        """The office hands in four; the last has no score yet."""
        office = Account(self.server.url, "office")
        for title, due, score in ((OVERDUE, "2001-01-01", 9), (FIRST, "2031-01-01", 8), (SECOND, "2031-01-01", 7), (THIRD, "2031-01-01", None)):
            record = uuid7()
            version = office.change(KIND["name"], record, 0, {"title": title, "due_on": due, **({"score": score} if score else {})})
            office.change(KIND["name"], record, version, {"state": "submitted"})

    def states(self):
        return dict(self.sql("SELECT k.title, r.state FROM k_reading_pledge k JOIN record r USING (rid)"))

    def wait_for_states(self, *wanted):
        self.desk.wait_for(lambda: [self.states()[title] for title in (FIRST, SECOND, THIRD)] == list(wanted), f"{wanted} on the server")

    # --- the steps

    def what_is_overdue_comes_first(self):
        row = self.client.find(OVERDUE, "list item", within=self.client.find("已逾期", "list"))
        assert "已过" in row.description, row.description
        self.step("my-work", "the first page shows what is overdue, with the days")
        self.client.click(row)
        self.client.find("审核期限")
        self.client.find(OVERDUE + " · 信衡", "frame")
        self.step("record", "a click opens the record")
        self.client.keys("alt+Left")
        self.client.find("待我审核", "list")

    def tick_and_accept(self):
        for title in (FIRST, SECOND, THIRD):
            self.client.click(self.client.find("选择 " + title, "check box", within=self.client.find("待我审核", "list")))
        self.client.find("已选 3 条")

    def many_are_reviewed(self):
        self.tick_and_accept()
        self.step("selected", "three are ticked, and their common step is offered")
        self.client.press("审核通过")
        self.client.find("已办 2 条，1 条未办")
        self.client.sees(NO_SCORE)
        self.step("result", "two are accepted; the one without a score is left, and its reason is said")
        self.wait_for_states("accepted", "accepted", "submitted")

    def what_was_done_is_taken_back(self):
        self.client.press("撤销已办的 2 条")
        self.wait_for_states("submitted", "submitted", "submitted")
        self.step("taken-back", "the two are taken back by the way back of the definition")

    def the_refused_one_opens(self):
        self.client.front()
        self.tick_and_accept()
        self.client.press("审核通过")
        self.client.find("已办 2 条，1 条未办")
        self.client.front()
        self.client.keys("Tab")
        self.client.click(self.client.find(THIRD, "list item", within=self.client.find("未办的记录", "list")))
        self.client.find(THIRD + " · 信衡", "frame")
        self.step("refused", "the row of the one that was left opens it")

    def one_reason_for_all_that_are_returned(self):
        self.client.focus()
        self.client.keys("alt+Left")
        self.client.click(self.client.find("选择 " + THIRD, "check box", within=self.client.find("待我审核", "list")))
        self.client.find("已选 1 条")
        self.client.press("退回")
        self.client.enter("退回原因", "请补充评分依据")
        self.client.enter("退回日期", "2026-13-01")
        self.client.sees("没有这一天")
        self.client.press("今天")
        self.step("reason", "the reason is asked for once, before anything is returned")
        dialog = self.client.find(contains="退回：1 条", role=("dialog", "alert", "frame"))
        self.client.press(contains="退回", within=dialog)
        self.wait_for_states("accepted", "accepted", "draft")
        assert self.sql("SELECT return_reason FROM k_reading_pledge WHERE title = ?", THIRD) == [("请补充评分依据",)]
        self.step("returned", "it is returned with that reason")

    def tell(self):
        self.what_is_overdue_comes_first()
        self.many_are_reviewed()
        self.what_was_done_is_taken_back()
        self.the_refused_one_opens()
        self.one_reason_for_all_that_are_returned()


run(Work)
