//! Whether a folder lies where the system tells nothing of others' changes: on another machine.

use std::path::Path;

/// File systems whose files other machines change, which no notification tells of.
const REMOTE: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "gpfs",
    "ncpfs",
    "davfs",
    "virtiofs",
    "vboxsf",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.ceph",
];

/// The kind of remote file system that a folder lies on, such as `nfs4`, where the system says so.
pub fn remote(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    kind(&mounts, folder).filter(|kind| REMOTE.contains(kind)).map(str::to_owned)
}

/// The kind of file system that a folder lies on, by the table of mounts (`proc_pid_mountinfo`, section 5 of the manual): that of the longest mount
/// point above it, and of several at one point the last.
fn kind<'m>(mounts: &'m str, folder: &Path) -> Option<&'m str> {
    let mounts = mounts.lines().filter_map(|line| {
        let (mount, system) = line.split_once(" - ")?;
        let point = mount.split(' ').nth(4)?.replace("\\040", " ");
        folder.starts_with(&point).then_some((point.len(), system.split(' ').next()?))
    });
    mounts.max_by_key(|(len, _)| *len).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:27 / /home/a/shared\\040runs rw,relatime - nfs4 server:/runs rw
31 22 0:28 / /home rw,relatime shared:9 - ext4 /dev/vdb rw
32 31 0:29 / /home/a/box rw - fuse.sshfs box:/ rw
";

    #[test]
    fn the_longest_mount_above_a_folder_counts() {
        for (folder, expected) in [
            ("/tmp", "ext4"),
            ("/home/a/shared runs/today", "nfs4"),
            ("/home/a/shared runsaway", "ext4"),
            ("/home/a/box/x", "fuse.sshfs"),
        ] {
            assert_eq!(kind(MOUNTS, Path::new(folder)), Some(expected), "{folder}");
        }
        assert_eq!(kind("", Path::new("/tmp")), None);
    }

    #[test]
    fn what_is_here_is_not_remote() {
        let here = tempfile::tempdir().unwrap();
        assert_eq!(remote(here.path()), None);
    }
}
