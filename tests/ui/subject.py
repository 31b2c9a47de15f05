"""The file of a subject: found by a former code, shows what the role may read and no more, prints, merges and takes it back, unmasks with a
reason; and a credit check of pasted lines. subject.py --root PREFIX [--out FOLDER]; ends with `subject: OK`; exit code 77: cannot run here."""
import glob
import json
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402


class Subject(Story):
    name, households = "subject", 200

    def desk_sql(self, statement, *values):
        """The store of the desk that is signed in."""
        found = []
        for path, _, names in os.walk(self.folder + "/client"):
            found += [os.path.join(path, name) for name in names if name == "store.db"]
        if not found:
            return [(0,)]
        with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True) as db:
            try:
                return db.execute(statement, values).fetchall()
            except sqlite3.OperationalError:
                return [(0,)]  # it is being made

    # --- the steps

    def choose_subjects(self):
        """A firm of which many registers speak, and what it was known by before."""
        self.desk.wait_for(lambda: self.desk_sql("SELECT count(*) FROM k_organisation")[0][0]
                           == self.sql("SELECT count(*) FROM k_organisation")[0][0], "the firms on the desk", 240)
        self.desk.wait_for(lambda: self.desk_sql("SELECT count(*) FROM record WHERE subject IS NOT NULL")[0][0]
                           >= self.sql("SELECT count(*) FROM record WHERE subject IS NOT NULL AND kind NOT IN ('civil-servant', 'servant-loan')")[0][0],
                           "the records on the desk", 240)
        self.firm = self.sql("SELECT o.subject_name, o.uscc, count(*) n, r.id, max(x.kind = 'serious-default') s FROM k_organisation o JOIN record r USING (rid) "
                             "JOIN record x ON x.subject = o.uscc WHERE x.deleted = 0 AND r.state = 'listed' GROUP BY r.id ORDER BY n + 30 * s DESC LIMIT 1")[0]
        found = self.sql("SELECT a.code, o.subject_name FROM subject_alias a JOIN k_organisation o USING (rid) JOIN record r USING (rid) "
                         "WHERE r.state = 'listed' AND a.code IN (SELECT code FROM subject_alias GROUP BY code HAVING count(*) = 1) LIMIT 1")
        self.former = found[0] if found else None
        print("subject: firm", self.firm[0], self.firm[2], "records; former", self.former, flush=True)

    def find(self, text, name):
        self.client.press("查找", role="push button")
        self.client.enter("查找", text, role="entry")
        row = self.client.find(name, "list item", within=self.client.find("结果", "list"))
        self.client.click(row)
        self.client.gone("结果", "list")
        self.client.focus()
        self.client.sees("时间轴")

    def it_opens_by_a_former_code(self):
        if self.former is None:
            self.find(self.firm[1], self.firm[0])
            return
        self.find(self.former[0], self.former[1])
        self.step("former", f"the former code {self.former[0]} opens the file of {self.former[1]}")

    def the_timeline_is_whole(self):
        self.find(self.firm[0], self.firm[0])
        self.client.sees(f"全部 {self.firm[2]}")
        self.step("file", "the timeline holds what the registers say of the firm")
        self.client.resize(900, 600)
        self.step("file-900", "and it fits into a small window")
        self.client.resize(1280, 800)

    def a_number_is_shown_after_its_reason(self):
        name, key = self.sql("SELECT p.subject_name, p.id_number FROM k_person p JOIN record r USING (rid) WHERE r.state = 'listed' AND p.id_number IS NOT NULL LIMIT 1")[0]
        self.find(key, name)
        assert not self.client.find_all(contains=key), "the number is shown before anybody asked"
        self.client.press("显示完整内容")
        self.client.enter("查看原因", "办理修复核对")
        self.step("unmask", "the reason is asked for")
        self.client.press(contains="登记并显示")
        self.client.gone("查看原因")
        self.client.focus()
        self.client.find(contains=key)
        self.desk.wait_for(lambda: self.sql("SELECT reason FROM k_query WHERE query_type = 'unmask' AND target LIKE ?", f"%{name}%")
                           == [("办理修复核对",)], "the query on the server")
        self.step("unmasked", "the query is written, then the number is shown")

    def a_report_is_printed(self):
        self.find(self.firm[0], self.firm[0])
        self.client.press("打印信用报告")
        self.client.find(contains="登记并打印", role="push button")
        self.step("report", "who wants the report and what for")
        self.client.press(contains="登记并打印")
        self.client.gone(contains="登记并打印")
        self.client.focus()
        self.desk.wait_for(lambda: self.sql("SELECT k.requested_by FROM k_credit_report k JOIN record r USING (rid) WHERE k.subject_key = ? AND r.state = 'issued' "
                                            "AND k.issued_on = date('now', 'localtime') AND k.issued_by <> '' AND k.number LIKE 'XB%'", self.firm[1]),
                           "the report in its register")
        self.step("printed", "it is in the register, and its preview is shown")

    def a_list_is_checked(self):
        others = [row[0] for row in self.sql("SELECT subject_name FROM k_organisation JOIN record USING (rid) WHERE state = 'listed' AND subject_name <> ? LIMIT 2",
                                             self.firm[0])]
        before = self.sql("SELECT count(*) FROM k_query WHERE query_type = 'check'")[0][0]
        self.client.open("信用核查")
        self.client.enter("核查名单", "\n".join([self.firm[1], *others, "查无此人有限公司", "91410000MA00000000"]))
        self.client.sees("5 个主体")
        self.client.press("开始核查", role="push button")
        self.client.sees("请选择用途")
        self.step("check", "without a purpose nothing is looked up")
        self.client.resize(1280, 1000)
        self.client.click(self.client.find("用途", ("combo box", "list item", "table row")))
        self.client.keys("Down", "Down", "Return")
        self.client.enter("依据", "2026年度评优评先办法")
        self.client.press("开始核查", role="push button")
        self.client.sees("共核查 5 个主体")
        self.desk.wait_for(lambda: self.sql("SELECT subject_count, entries_found FROM k_query WHERE query_type = 'check' AND legal_basis = '2026年度评优评先办法'")
                           and self.sql("SELECT count(*) FROM k_query WHERE query_type = 'check'")[0][0] == before + 1, "one query on the server")
        assert self.sql("SELECT subject_count FROM k_query WHERE legal_basis = '2026年度评优评先办法'") == [(5,)]
        self.client.resize(1280, 800)
        self.step("checked", "five lines, one record in the register of queries")

    def merge_into(self, winner):
        self.client.click(self.client.find("更多操作", ("toggle button", "push button")))
        self.client.press("合并到…", role="menu item")
        self.client.find("要保留的档案")
        self.client.focus()  # the dialog's window
        self.client.enter("要保留的档案", winner)
        self.client.click(self.client.find(winner, "list item", within=self.client.find("查到的", "list")))
        self.client.enter("合并说明：怎样确认是同一家", "营业执照同一号码")
        self.step("merge", "the file that stays is chosen")
        self.client.press("合并", role="push button")

    def merged(self, winner_id, rid):
        self.client.gone("要保留的档案")
        self.client.focus()
        self.desk.wait_for(lambda: self.sql("SELECT r.state, o.merged_into FROM k_organisation o JOIN record r USING (rid) WHERE r.id = ?", rid)
                           == [("merged", winner_id)], "the merge on the server")

    def apart(self, rid):
        self.desk.wait_for(lambda: self.sql("SELECT r.state, o.merged_into FROM k_organisation o JOIN record r USING (rid) WHERE r.id = ?", rid)
                           == [("listed", None)], "the merge undone on the server")

    def records_of(self, *ids):
        """How many records speak of these own records: by present and former codes, and by the records' ids."""
        marks = ",".join("?" * len(ids))
        return self.sql("SELECT count(*) FROM record WHERE deleted = 0 AND kind NOT IN ('civil-servant', 'servant-loan') AND subject IN ("
                        f"SELECT subject FROM record WHERE id IN ({marks}) UNION SELECT id FROM record WHERE id IN ({marks}) "
                        f"UNION SELECT code FROM subject_alias JOIN record USING (rid) WHERE id IN ({marks}))", *ids, *ids, *ids)[0][0]

    def two_files_become_one_and_two_again(self):
        pair = self.sql("SELECT o.subject_name, r.id FROM k_organisation o JOIN record r USING (rid) WHERE r.state = 'listed' AND o.subject_name <> ? "
                        "GROUP BY o.subject_name HAVING count(*) = 1 ORDER BY o.subject_name LIMIT 2", self.firm[0])
        (loser, rid), (winner, winner_id) = pair
        self.find(loser, loser)
        before = self.sql("SELECT version FROM record WHERE id = ?", rid)[0][0]
        self.merge_into(winner)
        self.client.press("撤销 撤销")  # the toast’s button; it does not stay for long
        self.client.focus()
        self.desk.wait_for(lambda: self.sql("SELECT version FROM record WHERE id = ?", rid)[0][0] > before, "both steps on the server")
        self.apart(rid)
        self.client.find(loser, "label")
        self.step("apart", "and it is undone by the toast")
        return loser, rid, winner, winner_id

    def merging_is_undone_from_the_record(self, loser, rid, winner, winner_id):
        self.find(loser, loser)
        self.merge_into(winner)
        self.merged(winner_id, rid)
        self.client.find(contains=f"全部 {self.records_of(winner_id, rid)}")
        self.step("merged", "its file is the other one now, with the records of both")
        self.client.click(self.client.find("更多操作", ("toggle button", "push button")))
        self.client.find("打开基本档案", "menu item")
        self.step("menu", "what else can be done with the file")
        self.client.keys("Escape")
        # The pages behind this one are still in the tree, with chips of the same name: the last one is on top.
        files = self.desk.wait_for(lambda: self.client.find_all(contains="档案 ", role="push button"), "the chip of the files")
        self.client.tree.press(files[-1])
        row = self.client.find(contains=f"单位档案 {loser} 已并入", role="list item")
        self.client.click(row)
        self.client.press("撤销合并")
        self.apart(rid)
        self.step("apart-2", "and again by the button on the merged record")

    def a_new_record_is_filled_from_the_file(self):
        name, person = self.sql("SELECT o.subject_name, o.legal_person FROM k_organisation o JOIN record r USING (rid) WHERE r.state = 'listed' AND o.uscc = ?",
                                self.firm[1])[0]

        def written():
            """What stands in the new form: the pages behind it are in the tree, too; the last one is on top."""
            return [self.client.text_of(self.client.find_all(label, ("text", "entry"))[-1]) for label in ("名称", "法定代表人")]
        self.client.open("行政处罚")
        self.client.find(contains="、", role="table row")
        self.client.keys("ctrl+n")
        self.client.find("新建行政处罚")
        self.client.enter("统一社会信用代码", self.firm[1])
        self.client.find(contains="单位档案里有")
        self.step("fill", "the file says what it can fill in")
        self.client.keys("ctrl+i")
        self.desk.wait_for(lambda: person in written()[1], f"{person} from the file")
        self.step("filled", f"Ctrl+I fills in {name} and {person}")
        self.client.keys("ctrl+z")
        self.desk.wait_for(lambda: person not in written()[1] and name not in written()[0], "one step back takes all of it out")

    # --- what a department sees

    def readable(self, key, login):
        """How many records about this key the account may read: its role by the registers' definitions, its scope by unit and division."""
        role, division, unit = self.sql("SELECT role, division, unit FROM account WHERE login = ?", login)[0]
        kinds, reached = [], []
        for path in glob.glob(f"{self.root}/share/xinheng/catalog/kinds/*.json"):
            with open(path, encoding="utf-8") as file:
                kind = json.load(file)
            roles = kind.get("roles", {})
            kinds += [kind["name"]] if role in roles.get("read", []) else []
            reached += [kind["name"]] if role in roles.get("read", []) and role in roles.get("reach", []) else []
        inside = division[:6] + "%"
        return self.sql(f"SELECT kind, count(*) FROM record WHERE subject = ? AND deleted = 0 AND kind IN ({','.join('?' * len(kinds))}) AND "
                        f"((unit = ? AND (division IS NULL OR division LIKE ?)) OR kind IN ({','.join('?' * len(reached))})) GROUP BY kind",
                        key, *kinds, unit, inside, *reached)

    def a_department_sees_its_part(self):
        expected = dict(self.readable(self.firm[1], "department"))
        whole, n = self.sql("SELECT count(*) FROM record WHERE subject = ? AND deleted = 0", self.firm[1])[0][0], sum(expected.values())
        assert 0 < n < whole, f"a department is to see a part: {n} of {whole}"
        self.client.kill()
        shutil.rmtree(self.folder + "/client")
        self.client.start()
        self.client.resize(1280, 800)
        self.sign_in("department")
        self.desk.wait_for(lambda: self.desk_sql("SELECT count(*) FROM record WHERE subject = ?", self.firm[1])[0][0] == n, f"{n} records on the desk", 240)
        self.find(self.firm[1], self.firm[0])
        self.client.sees(f"全部 {n}")
        self.desk.wait_for(lambda: dict(self.desk_sql("SELECT kind, count(*) FROM record WHERE subject = ? AND deleted = 0 GROUP BY kind", self.firm[1]))
                           == expected, "the same registers on the desk")
        self.step("department", f"a department sees {n} of {whole} records in the same file")

    def tell(self):
        self.choose_subjects()
        self.it_opens_by_a_former_code()
        self.the_timeline_is_whole()
        self.a_list_is_checked()
        self.a_number_is_shown_after_its_reason()
        files = self.two_files_become_one_and_two_again()
        self.merging_is_undone_from_the_record(*files)
        self.a_report_is_printed()
        self.a_new_record_is_filled_from_the_file()
        self.a_department_sees_its_part()


run(Subject)
