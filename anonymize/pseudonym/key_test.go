package pseudonym

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/entscope/entscope/anonymize/durable"
)

func testMaster(t testing.TB) *MasterKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	var key [32]byte
	for i := range key {
		key[i] = byte(i*i*7 + 13*i + 5)
	}
	if err := RestoreKey(path, nil, key); err != nil {
		t.Fatal(err)
	}
	m, err := LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func testStudy(t testing.TB) *StudyKey {
	t.Helper()
	k, err := testMaster(t).Study("usages-familles", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeyFileRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if err := CreateKey(path, nil); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	a, err := LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadKey(path, "")
	if err != nil || *a.key.bytes != *b.key.bytes || a.ID() != b.ID() {
		t.Fatal("two readings differ", err)
	}
	if err := CreateKey(path, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a key was overwritten: %v", err)
	}
}

func TestKeyEncryptedToRecipients(t *testing.T) {
	dir := t.TempDir()
	var recipients, identities []string
	for i := range 2 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		recipients = append(recipients, id.Recipient().String())
		file := filepath.Join(dir, fmt.Sprint("identity", i))
		if err := os.WriteFile(file, []byte(id.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		identities = append(identities, file)
	}
	path := filepath.Join(dir, "master.key.age")
	if err := CreateKey(path, recipients); err != nil {
		t.Fatal(err)
	}
	content, _ := os.ReadFile(path)
	if strings.Contains(string(content), keyHeader) {
		t.Fatal("the key file is not encrypted")
	}
	first, err := LoadKey(path, identities[0])
	if err != nil {
		t.Fatal(err)
	}
	second, err := LoadKey(path, identities[1])
	if err != nil || first.ID() != second.ID() {
		t.Fatal("the two custodians open different keys", err)
	}
	if _, err := LoadKey(path, ""); err == nil {
		t.Error("opened without an identity")
	}
	if err := os.Chmod(identities[0], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path, identities[0]); !errors.Is(err, ErrKeyRefused) {
		t.Errorf("a world-readable identity was used: %v", err)
	}
	if err := CreateKey(filepath.Join(dir, "other"), []string{"not-a-recipient"}); err == nil {
		t.Error("a malformed recipient was accepted")
	}
}

func TestKeysRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "good")
	if err := CreateKey(path, nil); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(path)
	lines := strings.Split(string(good), "\n")
	with := func(secret string) string { return keyHeader + "\n" + secret + "\n" + lines[2] + "\n" }
	flipped := []byte(lines[1])
	flipped[0] = "0123456789abcdef"[(strings.IndexByte("0123456789abcdef", flipped[0])+1)%16]

	for _, test := range []struct {
		name, content string
		mode          fs.FileMode
	}{
		{"placeholder of another tool", "inserervotreclefici\n", 0o600},
		{"placeholder inside our file", with("CHANGEME"), 0o600},
		{"empty", "", 0o600},
		{"header alone", keyHeader + "\n", 0o600},
		{"short", with(lines[1][:32]), 0o600},
		{"zeros", with(strings.Repeat("0", 64)), 0o600},
		{"repeated", with(strings.Repeat("deadbeef", 8)), 0o600},
		{"counting", with("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), 0o600},
		{"text", with(fmt.Sprintf("%x", "correct horse battery staple etc")), 0o600},
		{"one digit wrong", with(string(flipped)), 0o600},
		{"no check value", keyHeader + "\n" + lines[1] + "\n", 0o600},
		{"readable by the group", string(good), 0o640},
		{"readable by all", string(good), 0o604},
	} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(test.content), test.mode); err != nil {
			t.Fatal(err)
		}
		os.Chmod(file, test.mode)
		_, err := LoadKey(file, "")
		if !errors.Is(err, ErrKeyRefused) {
			t.Errorf("%s: %v, want ErrKeyRefused", test.name, err)
		} else if strings.Contains(err.Error(), lines[1][:8]) {
			t.Errorf("%s: the error shows the key", test.name)
		}
	}
	if _, err := LoadKey(path, ""); err != nil {
		t.Errorf("the valid key: %v", err)
	}
}

// A key that strays into a message, a log or a document shows as a placeholder,
// at any depth.
func TestSecretsPrintAsPlaceholder(t *testing.T) {
	m := testMaster(t)
	k := testStudy(t)
	type holder struct {
		Public  *MasterKey
		private MasterKey
		study   StudyKey
		hasher  Hasher
	}
	values := []any{m, *m, k, *k, k.Hasher("n"), *k.Hasher("n"), k.PRF("p"), *k.PRF("p"),
		holder{m, *m, *k, *k.Hasher("n")}, []*MasterKey{m}, map[string]StudyKey{"k": *k}}
	secrets := []string{fmt.Sprintf("%x", m.key.bytes[:8]), fmt.Sprintf("%X", m.key.bytes[:8]),
		fmt.Sprintf("%v", m.key.bytes[:4]), fmt.Sprintf("%d", m.key.bytes[:4]), fmt.Sprintf("%x", k.key.bytes[:8]),
		fmt.Sprintf("%v", k.key.bytes[:4]), fmt.Sprintf("%q", string(m.key.bytes[:6])), string(m.key.bytes[:6])}
	h := k.Hasher("n")
	for _, verb := range []string{"%x", "%v", "%d", "%s"} {
		secrets = append(secrets, fmt.Sprintf(verb, h.c.inner[4:12]))
	}
	for i := range secrets {
		secrets[i] = strings.Trim(secrets[i], `[]"`)
	}
	for i, v := range values {
		var texts []string
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		if b, err := json.Marshal(v); err == nil {
			texts = append(texts, string(b))
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		texts = append(texts, log.String())
		for _, text := range texts {
			for _, s := range secrets {
				if strings.Contains(text, s) {
					t.Errorf("value %d shows its secret", i)
				}
			}
		}
	}
	if got := fmt.Sprintf("%v|%s|%x", m, m, m); got != "[secret]|[secret]|[secret]" {
		t.Errorf("printed %q", got)
	}
	if b, _ := json.Marshal(m); string(b) != `"[secret]"` {
		t.Errorf("json %s", b)
	}
}

func TestStudyRefusesUnsetParts(t *testing.T) {
	m := testMaster(t)
	for _, test := range []struct {
		purpose, year string
		salt          [32]byte
	}{
		{"", "2025-2026", [32]byte{1}},
		{"p", "", [32]byte{1}},
		{"p", "2025-2026", [32]byte{}},
	} {
		if _, err := m.Study(test.purpose, test.year, test.salt); err == nil {
			t.Errorf("accepted %+v", test)
		}
	}
	if _, err := (&MasterKey{}).Study("p", "y", [32]byte{1}); err == nil {
		t.Error("accepted an empty master key")
	}
}

func TestSalt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "restricted")
	if _, err := LoadSalt(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no salt: %v", err)
	}
	salt, err := CreateSalt(durable.Disk{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("zone mode %v", info.Mode())
	}
	if again, err := LoadSalt(dir); err != nil || again != salt {
		t.Fatalf("read back: %v", err)
	}
	if _, err := CreateSalt(durable.Disk{}, dir); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a salt was overwritten: %v", err)
	}
	path := filepath.Join(dir, SaltFile)
	link := filepath.Join(t.TempDir(), "link") // a second name shows what is left of the blocks
	if err := os.Link(path, link); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if err := DestroySalt(durable.Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(link); strings.Contains(string(after), string(before[:16])) {
		t.Error("the destroyed salt can still be read")
	}
	if _, err := LoadSalt(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after destruction: %v", err)
	}
	if err := DestroySalt(durable.Disk{}, dir); err != nil {
		t.Errorf("destroying twice: %v", err)
	}
	next, err := CreateSalt(durable.Disk{}, dir)
	if err != nil || next == salt {
		t.Errorf("the next salt: %v", err)
	}
	os.Chmod(path, 0o644)
	if _, err := LoadSalt(dir); !errors.Is(err, ErrKeyRefused) {
		t.Errorf("a world-readable salt was used: %v", err)
	}
}
