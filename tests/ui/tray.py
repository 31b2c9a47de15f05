"""Every way in which a change is not taken over, resolved by a person from the tray alone.

tray.py --root PREFIX [--out FOLDER]: an assessor comes home from days without a network. What she changed meanwhile lies in her outbox; others have
changed the same records. Ends with `tray: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import glob
import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from account import Account, uuid7  # noqa: E402
from story import Story, run  # noqa: E402

TOWNSHIP = "410421105"  # 大营镇, where the assessor and the township's clerk of the demo work
WHO = "演示采集员乙"


class Tray(Story):
    name, households, login = "tray", 120, "assessor"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.accounts, self.cases, self.names = {}, {}, {}
        self.pictures = 0

    def picture(self, name):
        self.pictures += 1
        super().picture(f"{self.pictures:02}-{name}")

    # --- what others do, and what she did without a network

    def others_change(self, login, way, **fields):
        """@login changes a record on the server, at once."""
        if login not in self.accounts:
            self.accounts[login] = Account(self.server.url, login)
        version, kind = self.sql("SELECT version, kind FROM record WHERE id=?", self.cases[way])[0]
        self.accounts[login].change(kind, self.cases[way], version, fields)

    def she_changed(self, way, **fields):
        """What the assessor saved while she was away: the row and its op, as the client writes them."""
        (rid, version, kind), = self.store("SELECT rid, version, kind FROM record WHERE id=?", self.cases[way])
        table = {field: "record" if field in ("state", "deleted") else "k_" + kind for field in fields}
        before = {field: self.store(f"SELECT {field} FROM {table[field]} WHERE rid=?", rid)[0][0] for field in fields}
        self.store('INSERT INTO outbox(op_id, kind, record, base, origin, "set", before, created_at) VALUES (?,?,?,?,?,?,?,?)',
                   uuid7(), kind, self.cases[way], version, version, json.dumps(fields, ensure_ascii=False),
                   json.dumps(before, ensure_ascii=False), "2026-11-22T02:00:00.000Z")
        for field, value in fields.items():
            self.store(f"UPDATE {table[field]} SET {field}=? WHERE rid=?", value, rid)

    def on_server(self, way, field):
        table = "r" if field in ("state", "deleted") else "k"
        kind = self.sql("SELECT kind FROM record WHERE id=?", self.cases[way])[0][0]
        return self.sql(f"SELECT {table}.{field} FROM k_{kind} k JOIN record r USING (rid) WHERE r.id=?", self.cases[way])[0][0]

    def bad_photo(self):
        """A file that was chosen when it was a photo and is none any more, as the client keeps it."""
        content = "不是图片".encode()
        digest = hashlib.sha256(content).hexdigest()
        desk = glob.glob(f"{self.folder}/client/desks/*/store.db")[0].removesuffix("store.db") + "files"
        for path, held in ((f"{desk}/{digest[:2]}/{digest}", content), (f"{desk}/outgoing/{digest}", b"image/jpeg\n0\n")):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(path, "wb") as out:
                out.write(held)
        return json.dumps([{"hash": digest, "name": "授权书.jpg", "size": len(content), "type": "image/jpeg"}], ensure_ascii=False)

    def choose_records(self):
        """A household for each way, each with a name that no other has."""
        rows = self.sql("SELECT k.head_name, r.id FROM k_household k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state <> 'closed' AND "
                        "r.division LIKE ? AND coalesce(k.land_contracted, 0) > 2 GROUP BY k.head_name HAVING count(*)=1 ORDER BY r.state, r.id",
                        TOWNSHIP + "%")
        ways = ("field", "table", "text", "state", "closed", "invalid", "deleted", "refused", "parked", "left", "choice", "removed", "amounts")
        assert len(rows) >= len(ways), rows
        agreed = {record for record, in self.sql("SELECT r.id FROM k_household k JOIN record r USING (rid) WHERE k.business_income IS NOT NULL")}
        rows.sort(key=lambda row: row[1] in agreed)  # incomes are collected with consent only
        rows[len(ways) - 1] = rows[-1]
        for way, (name, record) in zip(ways, rows):
            self.names[way], self.cases[way] = name, record
        taken = ",".join(f"'{record}'" for record in self.cases.values())
        rows = self.sql("SELECT k.signer, r.id FROM k_consent k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state='valid' AND k.paper IS NULL AND "
                        f"r.division LIKE ? AND k.household NOT IN ({taken}) ORDER BY r.id LIMIT 2", TOWNSHIP + "%")
        for way, (name, record) in zip(("choices", "files"), rows):
            self.names[way], self.cases[way] = name, record

    # --- what she does

    def open_item(self, way):
        self.client.open("同步")
        self.client.click(self.client.find(contains=self.names[way], role="list item"))
        self.client.find("先搁置", role="push button")
        self.client.find(contains=self.names[way], role="label")
        self.client.settle()

    def choose(self, contains):
        """A side of a field: it has no action of its own, so it is clicked."""
        self.client.click(self.client.find(contains=contains, role=("radio button", "check box")))

    def in_tray(self, way):
        return self.store("SELECT 1 FROM tray WHERE record=? AND parked_at IS NULL", self.cases[way])

    def decide(self, way, button="保存决定"):
        """The program shows the next item then, or the list."""
        self.client.press(button, role="push button")
        self.desk.wait_for(lambda: not self.in_tray(way), "the item to leave the tray")

    def until(self, way, field, value):
        self.desk.wait_for(lambda: self.on_server(way, field) == value, f"{field} = {value} on the server")

    # --- the steps

    def others_and_she_work(self):
        """Days without a network: what she did, and what others did meanwhile."""
        members = json.loads(self.on_server("table", "members") or "[]")
        mine, theirs = json.loads(json.dumps(members)), json.loads(json.dumps(members))
        mine[-1]["name"], theirs[-1]["name"] = "张三妹", "张三梅"
        kept = json.loads(self.on_server("removed", "members"))
        changed = json.loads(json.dumps(kept))
        changed[-1]["name"] = "李四妹"
        contracted = self.on_server("invalid", "land_contracted")
        moved = "filed" if self.on_server("state", "state") == "collecting" else "collecting"
        self.members = members
        others = (("field", {"group_name": "八组"}), ("table", {"members": json.dumps(theirs, ensure_ascii=False)}),
                  ("text", {"remark": "村干部来电：户主外出务工，年底返乡。"}), ("invalid", {"land_contracted": 1}), ("deleted", {"deleted": 1}),
                  ("parked", {"group_name": "九组"}), ("removed", {"members": json.dumps(changed, ensure_ascii=False)}),
                  ("choice", {"residence": "away", "collected_on": "2026-11-18", "business_years": 9}),
                  ("choices", {"purposes": '["benefit","file"]'}), ("amounts", {"business_income": 4800000, "phone": "13899998000"}))
        hers = (("field", {"group_name": "七组", "number": "T-7"}), ("table", {"members": json.dumps(mine, ensure_ascii=False)}),
                ("text", {"remark": "入户时家中无人，邻居代为联系。"}), ("state", {"state": moved}), ("invalid", {"land_out": contracted}),
                ("deleted", {"phone": "13800138000"}), ("refused", {"collected_on": "2026-12-24"}), ("parked", {"group_name": "六组"}),
                ("closed", {"phone": "13900139000", "remark": "电话已更新。"}), ("left", {"group_name": "二组"}),
                ("choice", {"residence": "empty", "collected_on": "2026-11-20", "business_years": 12}),
                ("removed", {"members": json.dumps(kept[:-1], ensure_ascii=False)}), ("choices", {"purposes": '["bank","file"]'}),
                ("files", {"paper": self.bad_photo()}),
                ("amounts", {"business_income": 5600000, "phone": "13800138000"}))
        for way, fields in hers:
            self.she_changed(way, **fields)
        for way, fields in others:
            self.others_change("township" if way in ("deleted",) else "assessor2", way, **fields)
        for way in ("state", "closed"):
            self.others_change("township", way, residence="empty")
            self.others_change("township", way, state="closed")
        self.others_change("office", "left", village=self.sql("SELECT village FROM k_household WHERE village NOT LIKE ? LIMIT 1", TOWNSHIP + "%")[0][0])

    def same_field(self):
        client = self.client
        self.open_item("field")
        for text in ("别人也改了相同的内容", WHO + " 在 ", "七组", "八组", "一并上传", "T-7"):
            client.sees(text)
        self.picture("same-field")
        self.choose("村组：我的，七组")
        client.sees("记录通过全部检查")
        self.decide("field")
        client.sees("：已保存决定")
        self.until("field", "group_name", "七组")
        self.until("field", "number", "T-7")
        self.say("the same field: hers is chosen, what she changed besides goes along")

    def taken_back(self):
        self.client.open("同步")
        row = self.client.find(contains=self.names["field"], role="list item")
        self.client.press("撤销：" + self.client.text_of(row).split("\n")[0], role="push button")
        self.desk.wait_for(lambda: self.in_tray("field"), "the item to be back")
        self.client.settle()
        self.open_item("field")
        self.choose("村组：对方的，八组")
        self.decide("field")
        self.until("field", "group_name", "八组")
        self.say("taken back after the server had it, and decided the other way")

    def table_row(self):
        client = self.client
        self.open_item("table")
        client.sees("已改：张三妹")
        client.sees("行没有变化")
        self.picture("table-row")
        self.choose("家庭成员：两者")
        self.picture("table-row-both")
        self.decide("table")
        self.desk.wait_for(lambda: len(json.loads(self.on_server("table", "members"))) == len(self.members) + 1, "both rows on the server")
        self.say("the same row of a table: both stand")

    def removed_row(self):
        client = self.client
        self.open_item("removed")
        client.sees("已删：")
        client.sees("已改：李四妹")
        self.picture("row-removed-and-changed")
        self.choose("家庭成员：对方的")
        self.decide("removed")
        self.desk.wait_for(lambda: "李四妹" in self.on_server("removed", "members"), "their row on the server")
        self.say("a row that she removed and another changed: told as such, theirs is chosen")

    def choice_date_number(self):
        client = self.client
        self.open_item("choice")
        for text in ("居住状态：我的，空户", "居住状态：对方的，常年外出", "采集日期：我的，2026-11-20", "采集日期：对方的，2026-11-18", "主业年限：我的，12"):
            client.find(contains=text, role=("radio button", "check box"))
        self.picture("choice-date-number")
        self.choose("居住状态：我的")
        self.choose("采集日期：对方的")
        self.choose("主业年限：我的")
        client.sees("记录通过全部检查")
        self.decide("choice")
        self.until("choice", "residence", "empty")
        self.until("choice", "business_years", 12)
        assert self.on_server("choice", "collected_on") == "2026-11-18"
        self.say("a choice, a date and a number: each has its side")

    def several_choices(self):
        self.open_item("choices")
        self.picture("several-choices")
        self.choose("用途：两者")
        self.decide("choices")
        self.desk.wait_for(lambda: {"bank", "benefit", "file"} <= set(json.loads(self.on_server("choices", "purposes"))), "all purposes")
        self.say("several choices: each stands once")

    def file_refused(self):
        client = self.client
        self.open_item("files")
        client.sees("授权书照片：服务器的意见")
        self.picture("file-refused")
        client.press("删除 授权书.jpg", role="push button")
        client.gone("授权书照片：服务器的意见")
        self.decide("files", "重新上传")
        self.say("a file that the server does not take: the reason stands at the field until the file is taken off")

    def long_text(self):
        self.open_item("text")
        self.client.press(contains="两者都保留", role="push button")
        self.picture("long-text-both")
        self.decide("text")
        self.desk.wait_for(lambda: "村干部" in self.on_server("text", "remark") and "邻居" in self.on_server("text", "remark"), "both texts")
        self.say("a long text: both stand")

    def state_moved_on(self):
        client = self.client
        self.open_item("state")
        client.sees("不能选我的")
        client.sees("已注销")
        self.picture("state-moved-on")
        self.decide("state")
        client.open("同步")
        assert self.on_server("state", "state") == "closed"
        self.say("the state moved on: hers cannot be chosen, and it says why")

    def closed_meanwhile(self):
        client = self.client
        self.open_item("closed")
        client.sees("您的修改不能并入")
        client.sees("记录已是“已注销”，此项不能再改。")
        assert not client.find_all(contains="全部用我的") and not client.find_all(contains="备注：两者")
        self.picture("closed-meanwhile")
        self.decide("closed")
        assert self.on_server("closed", "phone") != "13900139000"
        self.say("closed while she edited it: nothing of hers can be chosen, both neither, and it says what to do")

    def merged_is_invalid(self):
        client = self.client
        self.open_item("invalid")
        client.sees("流转出的亩数不能超过承包的亩数。")
        client.find("承包耕地", ("text", "entry"))  # what the other changed is what is wrong
        self.picture("merged-invalid")
        client.retype("承包耕地", "20")
        client.sees("记录通过全部检查")
        client.retype("流转出", "0.5")
        client.retype("承包耕地", "3")
        client.sees("记录通过全部检查")
        self.picture("merged-invalid-corrected")
        self.decide("invalid")
        self.until("invalid", "land_out", 0.5)
        self.until("invalid", "land_contracted", 3)
        self.say("the merged record is invalid: corrected at both fields of the rule, and taken over")

    def amounts(self):
        client = self.client
        self.open_item("amounts")
        for text in ("56,000", "48,000", "138****8000"):
            client.sees(text)
        client.press("显示完整内容", role="push button")
        client.enter("查看原因", "核对户主电话")
        client.press(contains="登记并显示", role="push button")
        client.sees("13899998000")
        client.focus()
        self.picture("amounts")
        client.press(contains="全部用我的", role="push button")
        self.decide("amounts")
        self.until("amounts", "business_income", 5600000)
        self.until("amounts", "phone", "13800138000")
        self.say("amounts are shown where they are decided; numbers that look alike, by the eye")

    def deleted_meanwhile(self):
        client = self.client
        self.open_item("deleted")
        client.sees("删除")
        self.picture("deleted-and-edited")
        self.decide("deleted", "放弃我的修改")
        client.open("同步")
        client.sees("已放弃")
        row = client.find(contains=self.names["deleted"], role="list item")
        client.press("撤销：" + client.text_of(row).split("\n")[0], role="push button")
        self.desk.wait_for(lambda: self.in_tray("deleted"), "the item to be back")
        self.say("deleted by the township while she edited it: she gives her edit up, and takes that back")

    def brought_back(self):
        self.others_change("township", "deleted", deleted=0)
        self.desk.wait_for(lambda: self.store("SELECT 1 FROM record WHERE id=? AND deleted=0", self.cases["deleted"]), "the record to be back")
        self.client.settle()
        self.open_item("deleted")
        self.picture("brought-back")
        self.decide("deleted")
        self.until("deleted", "phone", "13800138000")
        assert self.on_server("deleted", "deleted") == 0
        self.say("brought back by the township: her edit is decided here, and taken over")

    def left_her_area(self):
        client = self.client
        self.open_item("left")
        client.sees("已不在您的辖区")
        client.sees("导出表格之后才能收起")
        self.picture("left-her-area")
        self.save_as(self.folder + "/left.xlsx", "导出表格…")
        client.sees("修改已导出")
        client.sees("您的修改已导出到表格")
        client.keys("F5")
        client.settle()
        self.picture("left-her-area-exported")
        self.decide("left", "收起")
        self.say("moved to another township: kept until it is in a sheet, then put away")

    def refused(self):
        client = self.client
        self.open_item("refused")
        client.sees("采集日期不能晚于今天。")
        self.picture("refused")
        client.retype("采集日期", "2026-11-20")
        client.gone("采集日期：服务器的意见")
        client.sees("记录通过全部检查")
        self.decide("refused", "重新上传")
        self.until("refused", "collected_on", "2026-11-20")
        self.say("refused: corrected at the field and sent again")

    def parked(self):
        client = self.client
        self.open_item("parked")
        self.decide("parked", "先搁置")
        client.open("同步")
        client.sees("已搁置")
        client.gone("等您决定")
        self.picture("parked")
        client.click(client.find(contains=self.names["parked"], role="list item"))
        client.find("取消搁置", role="push button")
        client.press(contains="全部用我的", role="push button")
        self.decide("parked")
        self.until("parked", "group_name", "六组")
        self.say("parked, found again below, and decided from there")

    def home_again(self):
        self.client.wait_for_all_records()
        self.client.quit()
        self.choose_records()
        self.others_and_she_work()
        self.open_window()
        self.client.open("同步")
        self.client.sees("等您决定")
        for way in self.cases:
            self.client.find(contains=self.names[way], role="list item")
        self.picture("tray")
        self.say(f"home again: {len(self.cases)} changes wait, the rest was sent")

    def tell(self):
        self.home_again()
        for step in (self.same_field, self.taken_back, self.choice_date_number, self.several_choices, self.table_row, self.removed_row, self.long_text, self.amounts, self.state_moved_on, self.closed_meanwhile,
                     self.merged_is_invalid, self.deleted_meanwhile, self.brought_back, self.refused, self.left_her_area, self.file_refused, self.parked):
            step()
        self.client.open("同步")
        self.picture("decided")


run(Tray)
