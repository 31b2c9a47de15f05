"""The main job by itself: an assessor rates a household without a network, and the county sees it.

check.py --root PREFIX --out FOLDER [--households N]: prints one line a step, leaves a screenshot of each page in FOLDER, ends with
`check: OK`. A real server process, a real window, driven by the names a person sees."""
import argparse
import os
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk  # noqa: E402

TOWNSHIP = "410421105"  # 大营镇, where the demo assessor works
# A demo household of that township whose rating was returned; the generator makes the same county every time.
NAME, PINYIN, INITIALS = "王宏占", "wanghongzhan", "whz"


class Check:
    def __init__(self, root, out, households):
        self.root, self.out = root, out
        self.folder = tempfile.mkdtemp(prefix="xinheng-check-")
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        self.display = desk.Display()
        self.server = desk.Server(root, self.folder + "/server", households)
        self.client = None
        self.pictures = 0

    def close(self):
        if self.client:
            self.client.kill()
        if self.server.process:
            self.server.process.kill()
        self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def step(self, text):
        print("check:", text, flush=True)

    def picture(self, name):
        self.pictures += 1
        self.client.settle()
        self.display.screenshot(f"{self.out}/{self.pictures:02}-{name}.png")

    def sql(self, query, *values):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(query, values).fetchall()

    def count(self, query, *values):
        return self.sql(query, *values)[0][0]

    # --- what a person does

    def sign_in(self, login):
        self.client.enter("账号", login)
        self.client.enter("密码", login)
        self.client.press("登录")

    def open_register(self, name):
        self.client.choose(name, within=self.client.find("登记表", "list"))

    def search(self, register, text):
        self.client.enter("搜索" + register, text, role="entry")

    def open_row(self, contains):
        self.client.open_row(contains)

    # --- the steps

    def assessor_signs_in(self):
        self.server.start()
        self.client = desk.Client(self.root, self.server.url, self.folder + "/client")
        self.client.start()
        self.client.resize(1280, 800)
        self.client.find("登录", "push button")
        self.picture("sign-in")
        self.sign_in("assessor")
        hers = self.count("SELECT count(*) FROM record WHERE kind='household' AND deleted=0 AND division LIKE ?", TOWNSHIP + "%")
        everyone = self.count("SELECT count(*) FROM record WHERE kind='household' AND deleted=0")
        self.client.sees(f"{hers:,}")
        self.picture("dashboard-of-a-township")
        self.open_register("农户档案")
        self.client.sees(f"共 {hers:,} 条")
        self.picture("list")
        self.step(f"the assessor sees the {hers} households of her township, not the county's {everyone}")

    def network_is_gone(self):
        self.server.stop()
        self.step("the server is stopped; work goes on")

    def she_finds_a_household(self):
        for typed in (INITIALS, PINYIN, NAME):
            self.search("农户档案", "")
            self.search("农户档案", typed)
            desk.wait_for(lambda: self.client.rows() and all(NAME in self.client.text_of(r) for r in self.client.rows()),
                          f"only {NAME} for “{typed}”")
            self.step(f"“{typed}” finds {NAME}")
        self.picture("search")

    def a_wrong_number_is_explained(self):
        self.open_row(NAME)
        number = self.sql("SELECT head_id FROM k_household WHERE head_name=?", NAME)[0][0]
        wrong = number[:17] + ("1" if number[17] != "1" else "2")
        self.client.enter("户主身份证号", wrong)
        self.client.sees(f"最后一位应为 {number[17]}" if number[17] != "X" else "最后一位应为 X")
        self.picture("wrong-number")
        self.client.enter("户主身份证号", number)
        self.client.gone(contains="最后一位应为")
        self.client.keys("alt+Left")
        self.step("a wrong check digit is explained at the field, and the right one takes the message away")

    def open_rating(self):
        self.open_register("农户信用评定")
        self.search("农户信用评定", NAME)
        self.open_row(NAME)
        self.client.find("参加集体公益、志愿服务次数", "text")

    def score(self):
        """The total as the score pane reads it out."""
        return float(self.client.find(contains="总分", role=("label", "level bar", "panel", "group")).get_name().split()[1])

    def the_score_follows(self):
        self.open_rating()
        self.client.dump(self.out + "/rating.txt")
        self.picture("rating")

    def close_page(self):
        self.client.keys("alt+Left")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--households", type=int, default=2000)
    check = Check(**vars(parser.parse_args()))
    try:
        check.assessor_signs_in()
        check.network_is_gone()
        check.she_finds_a_household()
        check.a_wrong_number_is_explained()
        check.the_score_follows()
    except BaseException:
        if check.client and check.client.process.poll() is None:
            check.display.screenshot(check.out + "/failed.png")
            check.client.dump(check.out + "/failed.txt")
        raise
    finally:
        check.close()
    print("check: OK")


main()
