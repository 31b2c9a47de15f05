"""The main job by itself: an assessor rates a household without a network, and the county sees it.

check.py --root PREFIX [--out FOLDER]: prints one line a step, leaves a screenshot of each page in FOLDER, ends with `check: OK`. A real server
process, a real window, driven by the names a person sees."""
import csv
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402

TOWNSHIP = "410421105"  # 大营镇, where the demo assessor works
# A demo household of that township whose rating was returned; the generator makes the same county every time.
NAME, PINYIN, INITIALS = "王宏占", "wanghongzhan", "whz"


class Check(Story):
    name, households, login = "check", 2000, None
    pictures = 0

    def picture(self, name):
        self.pictures += 1
        super().picture(f"{self.pictures:02}-{name}")

    def count(self, query, *values):
        return self.sql(query, *values)[0][0]

    # --- what a person does

    def open_register(self, name):
        self.client.open(name)

    def search(self, register, text):
        self.client.enter("搜索" + register, text, role="entry")

    def open_row(self, contains):
        self.client.open_row(contains)

    # --- the steps

    def assessor_signs_in(self):
        self.client.find("登录", "push button")
        self.picture("sign-in")
        self.sign_in("assessor")
        hers = self.count("SELECT count(*) FROM record WHERE kind='household' AND deleted=0 AND division LIKE ?", TOWNSHIP + "%")
        everyone = self.count("SELECT count(*) FROM record WHERE kind='household' AND deleted=0")
        self.client.find("工作台", "list item")
        self.picture("my-work")
        self.client.open("总览")
        self.client.sees(f"{hers:,}")
        self.picture("dashboard-of-a-township")
        self.open_register("农户档案")
        self.client.sees(f"共 {hers:,} 条")
        self.picture("list")
        self.say(f"the assessor sees the {hers} households of her township, not the county's {everyone}")

    def network_is_gone(self):
        self.server.stop()
        self.say("the server is stopped; work goes on")

    def she_finds_a_household(self):
        for typed in (INITIALS, PINYIN, NAME):
            self.search("农户档案", "")
            self.search("农户档案", typed)
            self.desk.wait_for(lambda: self.client.rows() and all(NAME in self.client.text_of(r) for r in self.client.rows()),
                          f"only {NAME} for “{typed}”")
            self.say(f"“{typed}” finds {NAME}")
        self.picture("search")

    def on_her_row(self):
        focused = self.client.focused()
        return focused is not None and focused.role == "table row" and NAME in focused.name

    def she_goes_by_keyboard(self):
        self.client.keys("ctrl+f", "Return")
        self.desk.wait_for(self.on_her_row, "Return to lead from the search into the rows")
        self.client.keys("ctrl+f")
        at = self.desk.wait_for(lambda: next((n for n in [self.client.focused()] if n and n.name == "搜索农户档案"), None), "the search")
        for _ in range(12):  # over the filters
            self.client.keys("Tab")
            at = self.desk.wait_for(lambda: next((n for n in [self.client.focused()] if n and n.path != at.path), None), "Tab to go on")
            if at.role == "table row":
                break
        assert self.on_her_row(), f"Tab led to {at.role} “{at.name}”"
        self.client.keys("Return")
        self.client.find("户主身份证号", "list item")
        self.say("Return and Tab lead from the search and the filters into the rows, Return into the record")

    def a_wrong_number_is_explained(self):
        number = self.sql("SELECT head_id FROM k_household WHERE head_name=?", NAME)[0][0]
        wrong = number[:17] + ("1" if number[17] != "1" else "2")
        row = self.client.find("户主身份证号", "list item")
        assert not any(number in self.client.text_of(node) for node in self.client.nodes(row)), "the number is shown before anybody asked"
        self.client.press("显示完整内容", within=row)
        self.client.enter("查看原因", "核对户主身份证号")
        self.client.press(contains="登记并显示")
        self.client.gone("查看原因")
        self.client.focus()
        self.say("the stored number is shown and edited only after its reason was written down")
        self.client.retype("户主身份证号", wrong)
        self.client.sees(f"最后一位应为 {number[17]}")
        self.picture("wrong-number")
        self.client.retype("户主身份证号", number)
        self.client.gone(contains="最后一位应为")
        self.client.keys("alt+Left")
        self.desk.wait_for(lambda: NAME in self.client.text_of(self.client.find("搜索农户档案", "entry")), "the list as it was left")
        self.desk.wait_for(self.on_her_row, "the keyboard on the row that was opened")
        self.say("a wrong check digit is explained at the field, and the right one takes the message away; then her row has the keyboard")

    def open_rating(self):
        self.open_register("农户信用评定")
        self.search("农户信用评定", NAME)
        self.open_row(NAME)
        self.client.find("参加集体公益、志愿服务次数", "text")

    def score(self):
        """The grade and the total as the score pane reads them out."""
        pane = self.client.find(contains="等级 ", role="panel").name
        return pane.split("，")[0].removeprefix("等级 "), float(pane.split("，")[1].split(" ")[0])

    def give_service(self, times):
        self.client.enter("参加集体公益、志愿服务次数", str(times))

    def the_score_follows(self):
        self.open_rating()
        _, before = self.score()
        self.give_service(3)
        self.desk.wait_for(lambda: self.score()[1] == before + 3, "three points more")
        self.client.sees("参加集体公益、志愿服务：4 分，满分 4 分")
        self.say(f"“3 times” in place of none: the total goes from {before:g} to {before + 3:g}, the row of the indicator says why")
        self.donations = int(self.client.text_of(self.client.find("无偿献血次数", "text")).splitlines()[-1] or 0) + 1
        self.client.enter("无偿献血次数", str(self.donations))
        grade, total = self.desk.wait_for(lambda: self.score() if self.score()[1] == before + 4 else None, "the bonus")
        assert grade.startswith("AAA"), grade
        self.picture("rating")
        self.say(f"with the bonus it is {total:g}: {grade}")
        self.total = total

    def the_client_is_killed(self):
        self.desk.wait_for(self.draft_is_on_disk, "the draft")
        self.client.kill()
        self.client.start()
        self.client.resize(1280, 800)
        self.sign_in("assessor")
        self.client.sees("离线")
        self.open_rating()
        self.client.sees("已恢复未保存的草稿")
        self.desk.wait_for(lambda: self.score()[1] == self.total, "the score of the draft")
        self.picture("draft-restored")
        self.say("killed in mid-edit: after the offline sign-in the draft is there, with its score")

    def draft_is_on_disk(self):
        """With the last that she typed."""
        return any(f'"donations":{self.donations}' in text for text, in self.store("SELECT record FROM draft"))

    def she_saves(self):
        self.client.press("保存", role="push button")
        self.client.sees("2 处修改存在本机，还未上传")  # the rating, and the look at the number
        self.open_register("同步")
        self.client.sees(NAME)
        self.picture("unsent")
        self.say("saved; it waits in the outbox")

    def the_server_returns(self):
        self.server.start()
        rating = "SELECT k.score FROM k_rating k JOIN record r USING (rid) WHERE k.head_name=? AND k.year=2026 AND k.public_service=3"
        self.desk.wait_for(lambda: self.sql(rating, NAME), "the rating on the server")
        assert self.sql(rating, NAME)[0][0] == self.total
        self.client.sees("没有未上传的修改")
        self.picture("sent")
        self.say(f"the server is back: the rating went up by itself, and the server counts {self.total:g} points too")

    def the_manager_looks(self):
        self.client.quit()
        self.client = self.new_client("manager")
        self.open_window(login="manager")
        self.client.find("工作台", "list item")
        self.client.open("总览")
        files = self.count("SELECT count(*) FROM record WHERE kind='household' AND deleted=0")
        self.client.sees(f"{files:,}")
        self.client.find(contains="评级进度")
        self.client.sees("已评定")
        self.picture("dashboard")
        self.client.press("以表格显示", role=("push button", "toggle button"))
        shares = self.sql(
            "SELECT substr(h.division, 1, 9), count(*), count(k.rid) FROM record h LEFT JOIN (SELECT k.household, k.rid FROM k_rating k "
            "JOIN record r USING (rid) WHERE r.deleted = 0 AND r.state IN ('rated', 'annual_review') AND k.year = 2026) k "
            "ON k.household = h.id WHERE h.kind = 'household' AND h.deleted = 0 GROUP BY 1")
        names = self.township_names()
        for division, files, decided in shares:
            share = f"{decided * 100 / files:.1f}".removesuffix(".0")
            self.client.find(f"{names[division]}：{share}%", "table row")
        self.picture("dashboard-table")
        self.say(f"the manager's dashboard agrees with SQL on the server's store in all {len(shares)} townships")

    def township_names(self):
        with open(f"{self.root}/share/xinheng/catalog/divisions.csv", encoding="utf-8") as lines:
            return {row["code"][:9]: row["name"] for row in csv.DictReader(lines) if row["level"] == "township"}


    def tell(self):
        self.assessor_signs_in()
        self.network_is_gone()
        self.she_finds_a_household()
        self.she_goes_by_keyboard()
        self.a_wrong_number_is_explained()
        self.the_score_follows()
        self.the_client_is_killed()
        self.she_saves()
        self.the_server_returns()
        self.the_manager_looks()


run(Check)
