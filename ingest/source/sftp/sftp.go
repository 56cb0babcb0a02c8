// Package sftp lists and opens deliveries on an SFTP server (OpenSSH).
//
// The server's key must stand in a known_hosts file: a host that is not there,
// or has another key, is refused, and only algorithms of the pinned keys are
// offered. Folders are looked into, links are not followed.
package sftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"slices"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/entscope/entscope/ingest/source"
)

const (
	maxDepth = 8
	maxFiles = 100_000
	silence  = 2 * time.Minute
	patience = 30 * time.Second
)

// Server is a connection to an SFTP server.
type Server struct {
	root   string
	conn   *ssh.Client
	client *sftp.Client
}

// Dial connects to the server of r.
func Dial(ctx context.Context, r source.Remote) (*Server, error) {
	address := r.Host
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(address, "22")
	}
	config, err := clientConfig(r, address)
	if err != nil {
		return nil, err
	}
	raw, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sftp: %s: %w", r.Host, source.Fault(err))
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	conn, channels, requests, err := ssh.NewClientConn(source.Impatient(raw, silence), address, config)
	if err != nil {
		stop()
		raw.Close()
		return nil, fmt.Errorf("sftp: %s: %w", r.Host, handshake(err))
	}
	client := ssh.NewClient(conn, channels, requests)
	s, err := sftp.NewClient(client, sftp.UseConcurrentReads(true))
	if err != nil {
		stop()
		client.Close()
		return nil, fmt.Errorf("sftp: %s: %w", r.Host, source.Fault(err))
	}
	root := r.Path
	if root == "" {
		root = "."
	}
	return &Server{root: root, conn: client, client: s}, nil
}

func clientConfig(r source.Remote, address string) (*ssh.ClientConfig, error) {
	known, err := knownhosts.New(r.KnownHosts)
	if err != nil {
		return nil, fmt.Errorf("sftp: known_hosts: %w", err)
	}
	algorithms := pinned(known, address)
	if len(algorithms) == 0 {
		return nil, fmt.Errorf("sftp: %s: %w: the host is not in known_hosts; "+
			"hint: ssh-keyscan, and compare the key by another way", r.Host, source.ErrDenied)
	}
	config := &ssh.ClientConfig{User: r.User, HostKeyCallback: known, HostKeyAlgorithms: algorithms, Timeout: patience}
	secret, err := source.ReadSecret(r.PasswordFile)
	if err != nil {
		return nil, err
	}
	if r.KeyFile == "" {
		config.Auth = []ssh.AuthMethod{ssh.Password(secret.Reveal())}
		return config, nil
	}
	pem, err := source.ReadPrivate(r.KeyFile)
	if err != nil {
		return nil, err
	}
	var signer ssh.Signer
	if r.PasswordFile != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(pem, []byte(secret.Reveal()))
	} else {
		signer, err = ssh.ParsePrivateKey(pem)
	}
	if err != nil {
		return nil, fmt.Errorf("sftp: %w: key_file holds no private key, or its passphrase is another",
			source.ErrSecret)
	}
	config.Auth = []ssh.AuthMethod{ssh.PublicKeys(signer)}
	return config, nil
}

// probe is a key that no host has: asking for it makes known_hosts tell which
// keys it holds.
type probe struct{}

func (probe) Type() string                        { return "none" }
func (probe) Marshal() []byte                     { return []byte("none") }
func (probe) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }

// pinned are the signature algorithms of the keys that known_hosts holds.
func pinned(known ssh.HostKeyCallback, address string) []string {
	var unknown *knownhosts.KeyError
	if err := known(address, &net.TCPAddr{IP: net.IPv4zero}, probe{}); !errors.As(err, &unknown) {
		return nil
	}
	var algorithms []string
	for _, key := range unknown.Want {
		if key.Key.Type() == ssh.KeyAlgoRSA { // never with SHA-1
			algorithms = append(algorithms, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			continue
		}
		algorithms = append(algorithms, key.Key.Type())
	}
	slices.Sort(algorithms)
	return slices.Compact(algorithms)
}

// handshake tells a wrong key and a wrong password from a broken network.
func handshake(err error) error {
	var (
		key     *knownhosts.KeyError
		revoked *knownhosts.RevokedError
		negot   *ssh.AlgorithmNegotiationError
		auth    *ssh.ServerAuthError
	)
	switch {
	case errors.As(err, &key), errors.As(err, &revoked), errors.As(err, &negot):
		return fmt.Errorf("%w: the server's key is not the pinned one", source.ErrDenied)
	case errors.As(err, &auth):
		return fmt.Errorf("%w: the server refuses the user", source.ErrDenied)
	}
	if fault := source.Fault(err); errors.Is(fault, source.ErrTemporary) {
		return fault
	}
	return fmt.Errorf("%w: %w", source.ErrDenied, err)
}

// Close ends the connection, the whole of it first: to close only the session
// would wait for the server to agree.
func (s *Server) Close() error {
	return errors.Join(ignoreClosed(s.conn.Close()), ignoreClosed(s.client.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// List walks the folder.
func (s *Server) List(ctx context.Context) ([]source.Entry, error) {
	return s.walk(ctx, "", 0, nil)
}

func (s *Server) walk(ctx context.Context, below string, depth int, entries []source.Entry) ([]source.Entry, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("sftp: %w: folders deeper than %d", source.ErrServer, maxDepth)
	}
	infos, err := s.client.ReadDirContext(ctx, path.Join(s.root, below))
	if err != nil {
		return nil, fmt.Errorf("sftp: list: %w", fault(err))
	}
	slices.SortFunc(infos, func(a, b os.FileInfo) int { // by name, as servers do not
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	for _, info := range infos {
		name := info.Name()
		if below != "" {
			name = below + "/" + name
		}
		switch {
		case info.Name() == "." || info.Name() == "..":
		case info.IsDir():
			if entries, err = s.walk(ctx, name, depth+1, entries); err != nil {
				return nil, err
			}
		case info.Mode().IsRegular():
			entries = append(entries, source.Entry{Name: name, Size: info.Size(), Modified: info.ModTime()})
		}
		if len(entries) > maxFiles {
			return nil, fmt.Errorf("sftp: %w: more than %d files", source.ErrServer, maxFiles)
		}
	}
	return entries, nil
}

// fault gives an SFTP status its kind.
func fault(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", source.ErrDenied, err)
	case errors.Is(err, sftp.ErrSSHFxConnectionLost), errors.Is(err, sftp.ErrSSHFxNoConnection):
		return fmt.Errorf("%w: %w", source.ErrTemporary, err)
	}
	return source.Fault(err)
}

// gone is the fault of a file that was listed.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return source.ErrGone
	}
	return fault(err)
}

// Stat asks for the present state of a file.
func (s *Server) Stat(_ context.Context, e source.Entry) (source.Entry, error) {
	info, err := s.client.Lstat(path.Join(s.root, e.Name))
	if err != nil {
		return e, fmt.Errorf("sftp: stat: %w", gone(err))
	}
	e.Size, e.Modified = info.Size(), info.ModTime()
	return e, nil
}

// Open reads a file from offset on.
func (s *Server) Open(_ context.Context, e source.Entry, offset int64) (io.ReadCloser, error) {
	f, err := s.client.Open(path.Join(s.root, e.Name))
	if err != nil {
		return nil, fmt.Errorf("sftp: open: %w", gone(err))
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		f.Close()
		return nil, fmt.Errorf("sftp: open: %w", fault(err))
	}
	return f, nil
}
