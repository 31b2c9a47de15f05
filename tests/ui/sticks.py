"""Unsent work on a stick: saved by an assessor without a network, brought in by the office, and harmless when her computer comes home.

sticks.py --root PREFIX [--out FOLDER]: see story.py."""
import glob
import json
import os
import sqlite3
import subprocess
import uuid

import story

TOWNSHIP = "410421105"  # 大营镇, where the assessor of the demo works


class Sticks(story.Story):
    name = "sticks"
    login = None

    def start(self):
        self.server.start()

    # --- what is there

    def choose_records(self):
        rows = self.sql("SELECT k.head_name, r.id FROM k_household k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state <> 'closed' AND r.division "
                        "LIKE ? GROUP BY k.head_name HAVING count(*)=1 ORDER BY r.state, r.id", TOWNSHIP + "%")
        self.good, self.bad = rows[0], rows[1]

    def she_changed(self, record, **fields):
        """What the assessor saved while she was away: the row and its op, as the client writes them."""
        store, = glob.glob(f"{self.folder}/client/**/store.db", recursive=True)
        with sqlite3.connect(store) as db:
            rid, version = db.execute("SELECT rid, version FROM record WHERE id=?", (record,)).fetchone()
            before = {field: db.execute(f"SELECT {field} FROM k_household WHERE rid=?", (rid,)).fetchone()[0] for field in fields}
            db.execute('INSERT INTO outbox(op_id, kind, record, base, origin, "set", before, created_at) VALUES (?,?,?,?,?,?,?,?)',
                       (str(uuid.uuid4()), "household", record, version, version, json.dumps(fields, ensure_ascii=False),
                        json.dumps(before, ensure_ascii=False), "2026-11-22T02:00:00.000Z"))
            for field, value in fields.items():
                db.execute(f"UPDATE k_household SET {field}=? WHERE rid=?", (value, rid))

    def in_ledger(self):
        return self.sql("SELECT account, count(*) FROM ledger WHERE op IN (SELECT op FROM brought) GROUP BY account")

    # --- what people do

    def open_as(self, login, folder):
        self.client = self.new_client(folder)
        self.open_window()
        self.sign_in(login)

    def close_client(self):
        self.client.quit()

    def press_row(self, name):
        """A row of the group “without a network”, which opens a window; the keyboard goes there."""
        self.main = self.client.window_id
        self.scroll_down()
        self.client.click(self.client.find(name, "list item"))
        self.next_window(self.main)

    def scroll_down(self):
        """As far as it goes, so that the row is on a small screen, too."""
        subprocess.run(["xdotool", "mousemove", "--window", self.client.window_id, "600", "400", "click", "--repeat", "4", "--delay", "30", "5"],
                       env=self.client.env, check=True)
        self.client.settle()

    def back(self):
        self.client.keys("Escape")
        self.desk.wait_for(lambda: self.client._find_window() == self.main, "the window to close")
        self.client.focus()

    def saves_her_work(self):
        self.open_as("assessor", "client")
        self.client.wait_for_all_records()
        assert not self.client.find_all("带入同事的文件…"), "an assessor sees what only the office may do"
        self.close_client()
        self.server.stop()
        self.she_changed(self.good[1], phone="13800138000")
        self.she_changed(self.bad[1], phone="12")
        self.open_as("assessor", "client")
        self.client.open("同步")
        self.press_row("把未上传的修改存成文件…")
        self.stick = self.folder + "/bert.xhwork"
        self.answer_dialog(self.stick, True)
        self.desk.wait_for(lambda: self.client._find_window() == self.main, "the dialog to close")
        self.client.focus()
        self.client.sees("文件中有2项修改")
        self.step("1-saved", "an assessor without a network has saved two changes to a file")
        self.close_client()

    def office_looks(self, path, text):
        self.press_row("带入同事的文件…")
        dialog = self.client.window_id
        self.answer_dialog(path, False)
        self.desk.wait_for(lambda: self.client._find_window() not in (None, dialog, self.main), "the window of the file")
        self.client.focus()
        self.client.sees(text)

    def office_brings(self):
        self.server.start()
        self.open_as("office", "office")
        self.client.open("同步")
        self.client.find("带入同事的文件…")
        self.step("2-office", "the office has one more way")
        self.office_looks(self.stick, "签名已验证")
        self.step("3-looked", "what the file holds is said before anything is done")
        assert self.in_ledger() == [], self.in_ledger()
        self.client.press("带入")
        self.client.sees("已接收 1 项，1 项未通过")
        self.client.find(contains=self.bad[0], role="list item")
        self.step("4-brought", "a result for each change")
        assert self.in_ledger() == [("assessor", 1)], self.in_ledger()
        self.back()

    def office_is_told_of_bad_files(self):
        text = open(self.stick, encoding="utf-8").read()
        altered = self.folder + "/altered.xhwork"
        with open(altered, "w", encoding="utf-8") as out:
            out.write(text.replace("13800138000", "13800138001"))
        self.office_looks(altered, "改动过")
        self.step("5-altered", "an altered file is refused in words")
        self.back()
        old = self.folder + "/old.xhwork"
        with open(old, "w", encoding="utf-8") as out:
            out.write('{"xinheng-work":1,"ops":0}\n')
        self.office_looks(old, "旧版程序")
        self.back()
        self.office_looks(self.stick, "再带入一次也不会重复")
        self.step("6-again", "who brought it before is known")
        self.close_client()

    def comes_home(self):
        self.open_as("assessor", "client")
        self.client.open("同步")
        self.client.sees("没有未上传的修改")
        self.client.sees(self.bad[0])
        self.step("7-home", "her computer hears the same answers: nothing waits, the refused one is in her tray")
        assert self.in_ledger() == [("assessor", 1)], self.in_ledger()
        total = self.sql("SELECT count(*) FROM ledger WHERE account='assessor' AND record IN (?, ?) AND op IN (SELECT op FROM brought)", self.good[1], self.bad[1])
        assert total == [(1,)], total

    def tell(self):
        self.choose_records()
        self.saves_her_work()
        self.office_brings()
        self.office_is_told_of_bad_files()
        self.comes_home()


if __name__ == "__main__":
    story.run(Sticks)
