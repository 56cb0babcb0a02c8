package zone

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest/register"

	"github.com/entscope/entscope/anonymize/durable"
)

const messageHeading = "message;thread;school;sender;sender_profile;recipient;recipient_profile;sent;opened;" +
	"recipients;bytes;delivery;deadline\n"

// sent writes the rows of a register of messages and reads the table.
func sent(t *testing.T, rows ...string) []zonetest.MessageRow {
	t.Helper()
	texts, dir := maps.Clone(registerTexts), t.TempDir()
	texts["messages"] = messageHeading + strings.Join(rows, "")
	p := writeRegisters(t, dir, texts, testStudy(t))
	if _, err := os.Stat(filepath.Join(dir, partialDir, "registers")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the files of the register are left: %v", err)
	}
	got := readRows[zonetest.MessageRow](t, dir, p, "messages")
	if !slices.IsSortedFunc(got, func(a, b zonetest.MessageRow) int {
		return cmp.Compare(a.MessageKey, b.MessageKey)
	}) {
		t.Error("the table is not in the order of the messages")
	}
	return got
}

// A recipient counts once, by whatever account and in however many exports, and
// the first opening stands; those nobody knows are told apart by their accounts.
func TestRecipientsAreCounted(t *testing.T) {
	row := func(message, recipient, opened, recipients string) string {
		return message + ";;9990001X;9;teacher;" + recipient + ";parent;2025-09-10 18:00;" + opened + ";" + recipients +
			";;;\n"
	}
	k := testStudy(t)
	key := func(id string) int64 { return k.Hasher("message").Key([]byte(id)) }
	mother, father := k.Persons("aaf/parent").Key([]byte("11")), k.Persons("aaf/parent").Key([]byte("12"))
	got := map[string]int{}
	for _, m := range sent(t,
		row("m1", "11", "", ""), row("m1", "11", "2025-09-11 08:00", ""), row("m1", "11", "2025-09-10 19:00", ""),
		row("m1", "11", "", ""), row("m1", "12", "", ""), row("m1", "12bis", "", ""), row("m1", "x", "", ""),
		row("m1", "x", "", ""), row("m1", "y", "", ""), row("m2", "", "", ""), row("m2", "", "", ""),
		row("m3", "", "", "40"), row("m3", "", "", "40"),
		"m1;;9990002Y;9;teacher;11;parent;2025-09-10 18:00;;;;;\n") {
		name := "m3"
		for _, id := range []string{"9990001X$m1", "9990001X$m2", "9990002Y$m1"} {
			if m.MessageKey == key(id) {
				name = id
			}
		}
		who := "nobody"
		switch m.RecipientKey {
		case mother:
			who = "mother"
		case father:
			who = "father"
		}
		got[fmt.Sprintf("%s to %s, of %d, opened after %d min", name, who, m.Recipients,
			max(0, m.OpenedMs-m.SentMs)/60_000)]++
	}
	if want := map[string]int{
		"9990001X$m1 to mother, of 4, opened after 60 min": 1, "9990001X$m1 to father, of 4, opened after 0 min": 1,
		"9990001X$m1 to nobody, of 4, opened after 0 min": 2, "9990001X$m2 to nobody, of 2, opened after 0 min": 2,
		"m3 to nobody, of 40, opened after 0 min": 1, "9990002Y$m1 to mother, of 1, opened after 0 min": 1,
	}; !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// Where a register has no threads, a message is its own.
func TestMessageWithoutThreads(t *testing.T) {
	dir, k := t.TempDir(), testStudy(t)
	taken, err := NewRegisters(durable.Disk{}, dir, k)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, id := range []string{"m1", "m2"} {
		row := messageRow()
		row.Texts[messages.Column("message_key")] = []byte(id)
		if err := taken.Add(messages, row); err != nil {
			t.Fatal(err)
		}
	}
	p, err := WritePeople(context.Background(), durable.Disk{}, dir, readTestDirectory(t), taken, k)
	if err != nil {
		t.Fatal(err)
	}
	rows := readRows[zonetest.MessageRow](t, dir, p, "messages")
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		if r.ThreadKey != r.MessageKey {
			t.Errorf("%+v", r)
		}
	}
}

var messages = register.Named("messages")

// messageRow is a row of the register of messages from nobody to person 0.
func messageRow() *register.Row {
	row := &register.Row{Values: make([]int64, len(messages.Columns)), Texts: make([][]byte, len(messages.Columns))}
	row.Values[messages.Column("sender_key")] = -1
	return row
}

// Messages of every file come out, in the order of their keys.
func TestManyMessages(t *testing.T) {
	var rows []string
	for i := range 3000 {
		rows = append(rows, fmt.Sprintf("m%d;;9990001X;9;teacher;%d;parent;2025-09-10 18:00;;;;;\n", i, 11+i%2))
	}
	got := sent(t, rows...)
	keys := map[int64]bool{}
	for _, m := range got {
		keys[m.MessageKey] = true
	}
	if len(got) != 3000 || len(keys) != 3000 {
		t.Errorf("%d rows of %d messages", len(got), len(keys))
	}
}

func TestTwoMessagesOfOneKey(t *testing.T) {
	table := newRegisterTable(messages, testStudy(t))
	row := func(key, check int64) []int64 {
		values := make([]int64, len(messages.Columns)+1)
		values[table.checked], values[len(messages.Columns)] = key, check
		return values
	}
	if _, err := table.table([][]int64{row(5, 1), row(5, 2)}, []int64{7}); !errors.Is(err, ErrCollision) {
		t.Errorf("got %v", err)
	}
	if _, err := table.table([][]int64{row(0, 1)}, []int64{7}); !errors.Is(err, ErrCollision) {
		t.Errorf("key 0: got %v", err)
	}
	if _, err := table.table([][]int64{row(5, 1), row(5, 1)}, []int64{7}); err != nil {
		t.Errorf("one message twice: %v", err)
	}
}

// BenchmarkMessages takes a register of messages to the zone, each message to
// twenty recipients, and fails when that takes more than 512 MiB:
//
//	ENTSCOPE_BENCH_MESSAGES=100000000 go test -run '^$' -bench Messages -benchtime 1x -timeout 1h ./anonymize/zone/
func BenchmarkMessages(b *testing.B) {
	rows := 200_000
	if s := os.Getenv("ENTSCOPE_BENCH_MESSAGES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		rows = n
	}
	k := testStudy(b)
	d := readTestDirectory(b)
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(512 << 20 * 6 / 10)) // as a run of a study of 512 MB sets it
	before := cpu(syscall.RUSAGE_SELF)
	for b.Loop() {
		dir := b.TempDir()
		taken, err := NewRegisters(durable.Disk{}, dir, k)
		if err != nil {
			b.Fatal(err)
		}
		id, row := []byte("9990001X$"), messageRow()
		message, sent, unknown := messages.Column("message_key"), messages.Column("sent_ms"),
			messages.Column("recipient")
		row.Values[messages.Column("recipient_key")] = -1
		for i := range rows {
			row.Texts[message] = strconv.AppendInt(id[:9], int64(i/20), 10)
			row.Texts[messages.Column("thread_key")] = row.Texts[message]
			row.Texts[unknown] = binary.BigEndian.AppendUint32(row.Texts[unknown][:0], uint32(i%20))
			row.Values[sent] = int64(i)
			if err := taken.Add(messages, row); err != nil {
				b.Fatal(err)
			}
		}
		p, err := WritePeople(context.Background(), durable.Disk{}, dir, d, taken, k)
		if err := errors.Join(err, taken.Close()); err != nil {
			b.Fatal(err)
		}
		for _, f := range p.Files {
			if f.Table == "messages" && f.Rows != int64(rows) {
				b.Fatalf("%d rows", f.Rows)
			}
		}
	}
	b.ReportMetric((cpu(syscall.RUSAGE_SELF)-before).Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(rows), "messages")
	b.ReportMetric(peakMiB(), "peak-MiB")
	if peakMiB() > 512 {
		b.Errorf("%.0f MiB at the peak", peakMiB())
	}
}
