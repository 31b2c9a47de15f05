-- A store as layout 1 made it, for a plot that had no remark yet and an old_note: every later program must open it.
PRAGMA application_id=1481133639;
PRAGMA user_version=1;
CREATE TABLE record(rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, division TEXT, unit TEXT, state TEXT,
 version INTEGER NOT NULL DEFAULT 0, kind_version INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, created_at TEXT,
 updated_at TEXT, updated_by TEXT, due TEXT);
CREATE INDEX record_division ON record(kind, deleted, division, state);
CREATE INDEX record_state ON record(kind, deleted, state, division);
CREATE INDEX record_updated ON record(kind, deleted, updated_at);
CREATE INDEX record_due ON record(kind, due) WHERE due IS NOT NULL;
CREATE INDEX record_unit ON record(kind, unit) WHERE unit IS NOT NULL;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE field(kind TEXT, name TEXT, type TEXT, since INTEGER, retired INTEGER, PRIMARY KEY(kind, name)) WITHOUT ROWID;
CREATE TABLE search_queue(kind TEXT, rid INTEGER, indexed TEXT, PRIMARY KEY(kind, rid)) WITHOUT ROWID;
CREATE TABLE outbox(sequence INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, record TEXT NOT NULL,
 base INTEGER NOT NULL, "set" TEXT NOT NULL, before TEXT NOT NULL, created_at TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
 origin INTEGER NOT NULL, stale INTEGER NOT NULL DEFAULT 0);
CREATE INDEX outbox_record ON outbox(record);
CREATE TABLE tray(number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, detail TEXT NOT NULL, filed_at TEXT NOT NULL,
 sequence INTEGER NOT NULL, op_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, record TEXT NOT NULL, base INTEGER NOT NULL,
 "set" TEXT NOT NULL, before TEXT NOT NULL, created_at TEXT NOT NULL, sent INTEGER NOT NULL);
CREATE INDEX tray_record ON tray(record);
CREATE TABLE acked(record TEXT PRIMARY KEY, base INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE draft(id TEXT PRIMARY KEY, kind TEXT NOT NULL, record TEXT NOT NULL, saved_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE k_plot(rid INTEGER PRIMARY KEY, name TEXT, village TEXT, labour INTEGER, old_note TEXT, _sort_name BLOB);
CREATE INDEX i_plot__old_note ON k_plot(old_note);
INSERT INTO field VALUES('plot','name','text',1,NULL),('plot','village','division',1,NULL),('plot','labour','integer',1,NULL),('plot','old_note','text',1,NULL);
INSERT INTO record VALUES(1,'01890000-0000-7000-8000-000000000001','plot','410421100001',NULL,'filed',3,1,0,'2025-01-01T00:00:00.000Z','2025-01-01T00:00:00.000Z','li',NULL);
INSERT INTO k_plot VALUES(1,'张三','410421100001',2,'kept',NULL);
INSERT INTO outbox(op_id,kind,record,base,"set",before,created_at,origin) VALUES('01890000-0000-7000-8000-0000000000aa','plot','01890000-0000-7000-8000-000000000001',3,'{"labour":2}','{"labour":1}','2025-01-01T00:00:00.000Z',3);
