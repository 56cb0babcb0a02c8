package confine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test binary the child as well.
func TestMain(m *testing.M) {
	child, err := Enter(Limits{AddressMB: 8 << 10, CPU: time.Second})
	if !child {
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(9)
	}
	if os.Args[1] == "burn" {
		for n := uint64(1); n > 0; n++ { // until its limit stops it, or some centuries
		}
	}
	os.Exit(probe(os.Args[1], os.Args[2]))
}

// probe tries what a taken reader would, and writes what it could to TMPDIR.
func probe(inside, outside string) int {
	var could []string
	try := func(what string, err error) {
		if err == nil {
			could = append(could, what)
		}
	}
	_, err := os.ReadFile(filepath.Join(inside, "rows"))
	try("read inside", err)
	try("write inside", os.WriteFile(filepath.Join(inside, "new"), nil, 0o600))
	_, err = os.ReadFile(filepath.Join(outside, "rows"))
	try("read outside", err)
	_, err = os.ReadDir(outside)
	try("list outside", err)
	try("write outside", os.WriteFile(filepath.Join(outside, "new"), nil, 0o600))
	try("remove outside", os.Remove(filepath.Join(outside, "rows")))
	_, err = net.Dial("tcp", "127.0.0.1:9")
	if errors.Is(err, os.ErrPermission) {
		err = nil // what is refused by the kernel and not by nobody listening
	} else {
		err = errors.New("not refused")
	}
	try("not dial", err)
	try("start a program", exec.Command("/bin/true").Run())
	_, err = os.ReadFile(fmt.Sprintf("/proc/%d/environ", os.Getppid()))
	try("read the environment of the parent", err)
	try("write temporary", os.WriteFile(filepath.Join(os.Getenv("TMPDIR"), "could"), []byte(strings.Join(append(could,
		"write temporary"), "\n")), 0o600))
	return 42
}

func TestConfined(t *testing.T) {
	if missing := Missing(); missing != "" {
		t.Skip(missing)
	}
	inside, outside, temp := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{inside, outside} {
		if err := os.WriteFile(filepath.Join(dir, "rows"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, err := Run(context.Background(), Rules{Read: []string{inside, "no/such/folder"}, Write: temp},
		[]string{inside, outside})
	if err != nil || code != 42 {
		t.Fatalf("exit code %d, %v", code, err)
	}
	could, err := os.ReadFile(filepath.Join(temp, "could"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(could), "read inside\nnot dial\nwrite temporary"; got != want {
		t.Errorf("the child could\n%s\nwant\n%s", got, want)
	}
	if _, err := os.ReadFile(filepath.Join(outside, "rows")); err != nil {
		t.Errorf("this process is confined too: %v", err)
	}
}

// TestLimits lets a child work longer than it may.
func TestLimits(t *testing.T) {
	if missing := Missing(); missing != "" {
		t.Skip(missing)
	}
	_, err := Run(context.Background(), Rules{Write: t.TempDir()}, []string{"burn"})
	if !errors.Is(err, ErrKilled) {
		t.Errorf("error %v, want ErrKilled", err)
	}
}
