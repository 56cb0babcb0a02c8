package sftp

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/entscope/entscope/ingest/source"
)

func signer(t *testing.T, seed byte) (ssh.Signer, ed25519.PrivateKey) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s, key
}

// serve is an SSH server in this process with files in memory, for user u with key 2.
func serve(t *testing.T) string {
	t.Helper()
	host, _ := signer(t, 1)
	user, _ := signer(t, 2)
	config := &ssh.ServerConfig{PublicKeyCallback: func(c ssh.ConnMetadata,
		key ssh.PublicKey) (*ssh.Permissions, error) {
		if c.User() != "u" || string(key.Marshal()) != string(user.PublicKey().Marshal()) {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	files := sftp.InMemHandler()
	go func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, channels, requests, err := ssh.NewServerConn(raw, config)
				if err != nil {
					raw.Close()
					return
				}
				go ssh.DiscardRequests(requests)
				for c := range channels {
					channel, requests, err := c.Accept()
					if err != nil {
						return
					}
					go func() {
						for r := range requests {
							r.Reply(r.Type == "subsystem", nil)
						}
					}()
					go sftp.NewRequestServer(channel, files).Serve()
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func TestSFTP(t *testing.T) {
	address, dir := serve(t), t.TempDir()
	save := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	private := func(name string, seed byte) string {
		_, key := signer(t, seed)
		block, err := ssh.MarshalPrivateKey(key, "")
		if err != nil {
			t.Fatal(err)
		}
		return save(name, pem.EncodeToMemory(block))
	}
	pin := func(name string, seed byte) string {
		s, _ := signer(t, seed)
		return save(name, []byte(knownhosts.Line([]string{address}, s.PublicKey())+"\n"))
	}
	r := source.Remote{Kind: "sftp", Host: address, User: "u", Path: "/logs", KeyFile: private("id", 2),
		KnownHosts: pin("known", 1)}
	s, err := Dial(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := errors.Join(s.client.Mkdir("/logs"), s.client.Mkdir("/logs/ecole")); err != nil {
		t.Fatal(err)
	}
	f, err := s.client.Create("/logs/ecole/a.log")
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("abcdef"))
	f.Close()
	entries, err := s.List(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Name != "ecole/a.log" || entries[0].Size != 6 {
		t.Fatalf("%+v %v", entries, err)
	}
	body, err := s.Open(t.Context(), entries[0], 2)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(body); string(text) != "cdef" || err != nil {
		t.Errorf("%q %v", text, err)
	}
	for name, change := range map[string]func(*source.Remote){
		"another host key": func(r *source.Remote) { r.KnownHosts = pin("other", 3) },
		"host not pinned":  func(r *source.Remote) { r.KnownHosts = save("empty", nil) },
		"another user":     func(r *source.Remote) { r.User = "v" },
		"another key":      func(r *source.Remote) { r.KeyFile = private("id3", 3) },
	} {
		bad := r
		change(&bad)
		if _, err := Dial(t.Context(), bad); !errors.Is(err, source.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Chmod(r.KeyFile, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), r); !errors.Is(err, source.ErrSecret) {
		t.Errorf("a key open to all: %v", err)
	}
}
