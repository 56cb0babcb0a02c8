package confine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Missing says why a child cannot be confined here; "" when it can.
func Missing() string {
	if abi() < 1 {
		return "the kernel has no Landlock"
	}
	if machine == 0 {
		return "no list of system calls for this processor"
	}
	return ""
}

// abi is the version of Landlock, 0 for none.
func abi() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// Run runs the program again with the arguments, confined, on this process's standard streams, and gives its exit
// code. The error wraps ErrKilled when it did not end by itself.
func Run(ctx context.Context, r Rules, args []string) (code int, err error) {
	c := exec.CommandContext(ctx, "/proc/self/exe", args...)
	c.Args[0] = os.Args[0]
	c.Stdin, c.Stdout, c.Stderr = nil, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), variable+"=1", "TMPDIR="+r.Write)
	started := make(chan error)
	go func() {
		// The thread dies with this goroutine, so that nothing else ever runs on it.
		runtime.LockOSThread()
		err := r.restrict()
		if err == nil {
			err = c.Start()
		}
		started <- err
	}()
	if err := <-started; err != nil {
		return 0, fmt.Errorf("confine: %w", err)
	}
	err = c.Wait()
	if ended := (*exec.ExitError)(nil); errors.As(err, &ended) && ended.Exited() {
		return ended.ExitCode(), nil
	} else if ended != nil {
		return 0, fmt.Errorf("%w (%s)", ErrKilled, ended.ProcessState)
	}
	return 0, err
}

const (
	read  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	start = read | unix.LANDLOCK_ACCESS_FS_EXECUTE
	write = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_DIR
	// all that the first version of Landlock knows
	first = start | write | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK | unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	ofFiles = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// system is what the loader of programs, Go's clock and the engine's look at the machine read; nothing of persons is
// there. Of /proc a confined process reads what anybody may: the memory, environment and files of a process outside
// are closed to it, as to its debugger.
var system = map[string]uint64{
	"/lib": start, "/lib64": start, "/usr/lib": start, "/usr/lib64": start, "/nix/store": start,
	"/etc/ld.so.cache": read, "/etc/localtime": read, "/usr/share/zoneinfo": read,
	"/proc": read, "/sys/fs/cgroup": read, "/sys/devices/system/cpu": read,
	"/dev/null": read | unix.LANDLOCK_ACCESS_FS_WRITE_FILE, "/dev/urandom": read,
}

// restrict confines the calling thread and what is started from it, for ever.
func (r Rules) restrict() error {
	version := abi()
	handled := unix.LandlockRulesetAttr{Handled_access_fs: first}
	size := unsafe.Sizeof(handled.Handled_access_fs)
	if version >= 2 {
		handled.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		handled.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		handled.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		size += unsafe.Sizeof(handled.Handled_access_net)
	}
	if version >= 5 {
		handled.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		handled.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
		size += unsafe.Sizeof(handled.Scoped)
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&handled)), size, 0)
	if errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	defer unix.Close(int(fd))
	self, err := os.Executable()
	if err != nil {
		return err
	}
	allowed := map[string]uint64{self: start}
	for path, access := range system {
		allowed[path] = access
	}
	for _, path := range r.Read {
		allowed[path] |= read
	}
	allowed[r.Write] |= read | write | unix.LANDLOCK_ACCESS_FS_REFER | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	for path, access := range allowed {
		if err := allow(int(fd), path, access&handled.Handled_access_fs); err != nil {
			return fmt.Errorf("landlock: %s: %w", filepath.Base(path), err)
		}
	}
	// A superuser's child keeps of its powers to read and write what is allowed here, whoever owns it.
	for power := uintptr(0); power <= unix.CAP_LAST_CAP; power++ {
		if power == unix.CAP_DAC_OVERRIDE || power == unix.CAP_DAC_READ_SEARCH {
			continue
		}
		err := unix.Prctl(unix.PR_CAPBSET_DROP, power, 0, 0, 0)
		if err != nil && !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EINVAL) { // none to drop, or unknown here
			return fmt.Errorf("drop powers: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	return nil
}

func allow(ruleset int, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var is unix.Stat_t
	if err := unix.Fstat(fd, &is); err != nil {
		return err
	}
	if is.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= ofFiles
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// Enter bounds this process if it is a child of Run, for ever, and says whether it is one.
func Enter(l Limits) (child bool, err error) {
	if os.Getenv(variable) == "" {
		return false, nil
	}
	address, seconds := uint64(l.AddressMB)<<20, uint64(l.CPU.Seconds())
	err = errors.Join(
		unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: address, Max: address}),
		unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: seconds + 5}),
		forbid(),
	)
	if err != nil {
		return true, fmt.Errorf("confine: %w", err)
	}
	return true, nil
}

// forbidden are the system calls by which a process reaches others, the network or the kernel's rarer parts.
var forbidden = []uint32{
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT4,
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV,
	unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT,
	unix.SYS_IO_URING_SETUP, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_SETNS, unix.SYS_UNSHARE, unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE,
	unix.SYS_MEMFD_CREATE, unix.SYS_SHMGET, unix.SYS_MSGGET, unix.SYS_MQ_OPEN,
}

// forbid refuses the forbidden calls on all threads; a call of another processor's table ends the process.
func forbid() error {
	const number, processor = 0, 4 // offsets in struct seccomp_data
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	give := func(what uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: what} }
	equal := func(k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: yes, Jf: no}
	}
	program := []unix.SockFilter{
		load(processor), equal(machine, 1, 0), give(unix.SECCOMP_RET_KILL_PROCESS), load(number),
	}
	if otherTable != 0 {
		program = append(program,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: otherTable, Jt: 0, Jf: 1},
			give(unix.SECCOMP_RET_KILL_PROCESS))
	}
	for _, call := range forbidden {
		program = append(program, equal(call, 0, 1), give(unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM)))
	}
	program = append(program, give(unix.SECCOMP_RET_ALLOW))
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&filter)))
	if errno != 0 || thread != 0 {
		return fmt.Errorf("seccomp: %w", errors.Join(errno, fmt.Errorf("thread %d", thread)))
	}
	return nil
}
