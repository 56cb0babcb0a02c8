package zone

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// TestClaim lays what may stand where a zone is to be.
func TestClaim(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(dir string) error
		ours bool
	}{
		{"nothing", func(string) error { return nil }, true},
		{"an empty folder", func(dir string) error { return os.Mkdir(dir, 0o700) }, true},
		{"a zone", func(dir string) error { return Claim(durable.Disk{}, dir) }, true},
		{"the lock of a run", func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), lay(dir, LockName))
		}, true},
		{"a mark half made", func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), lay(dir, durable.Temporary(zoneMark)))
		}, true},
		{"a ledger half made", func(dir string) error {
			return errors.Join(Claim(durable.Disk{}, dir), lay(dir, durable.Temporary("ledger.json")))
		}, true},
		{"a zone without a mark", func(dir string) error {
			_, err := pseudonym.CreateSalt(durable.Disk{}, dir)
			return err
		}, true},
		{"logs", func(dir string) error { return errors.Join(os.Mkdir(dir, 0o700), lay(dir, "access.log")) }, false},
		{"a zone with something else", func(dir string) error {
			return errors.Join(Claim(durable.Disk{}, dir), lay(dir, "access.log"))
		}, false},
		{"names of a zone, unmarked", func(dir string) error {
			return os.MkdirAll(filepath.Join(dir, eventsDir), 0o700)
		}, false},
		{"an empty folder that others may read", func(dir string) error { return os.Mkdir(dir, 0o755) }, true},
		{"a zone that others may read", func(dir string) error {
			return errors.Join(Claim(durable.Disk{}, dir), os.Chmod(dir, 0o750))
		}, false},
		{"a file", func(dir string) error { return lay(filepath.Dir(dir), filepath.Base(dir)) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "restricted")
			if err := c.make(dir); err != nil {
				t.Fatal(err)
			}
			err := Claim(durable.Disk{}, dir)
			if c.ours && err != nil {
				t.Errorf("refused: %v", err)
			}
			if !c.ours && !errors.Is(err, durable.ErrForeign) {
				t.Errorf("error %v, want ErrForeign", err)
			}
			if c.ours {
				if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
					t.Errorf("mode %v, error %v", info.Mode(), err)
				}
				return
			}
			before, _ := os.ReadDir(dir)
			if err := Destroy(durable.Disk{}, dir); err == nil && len(before) > 0 {
				t.Error("Destroy did not refuse")
			}
			if after, _ := os.ReadDir(dir); len(after) != len(before) {
				t.Errorf("%d names are left of %d", len(after), len(before))
			}
		})
	}
}

// TestDestroyAnywhere destroys whole zones and those that a killed Destroy left.
func TestDestroyAnywhere(t *testing.T) {
	for name, left := range map[string][]string{
		"whole": {pseudonym.SaltFile, "ledger.json", eventsDir}, "salt gone": {"ledger.json", eventsDir},
		"nothing but the mark": nil,
	} {
		dir := filepath.Join(t.TempDir(), "restricted")
		if err := Claim(durable.Disk{}, dir); err != nil {
			t.Fatal(err)
		}
		for _, n := range left {
			if err := lay(dir, n); err != nil {
				t.Fatal(err)
			}
		}
		if err := Destroy(durable.Disk{}, dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the zone is still there", name)
		}
	}
}

func lay(dir, name string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte("kept"), 0o600)
}

// TestClaimOfAnotherOwner needs the right to give a folder away.
func TestClaimOfAnotherOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "restricted")
	if err := Claim(durable.Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, os.Geteuid()+1, -1); err != nil {
		t.Skip("only root gives folders away")
	}
	if err := Claim(durable.Disk{}, dir); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("error %v, want ErrForeign", err)
	}
}
